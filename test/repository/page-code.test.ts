/** Each code block of a page is output, an excerpt, a part of a tested file, or run by a test of the page. */
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { formatBlock, isRunnable, listBlocks, type CodeBlock } from "../pages/blocks.js";
import { ROOT } from "../tree.js";
import { listPages } from "./pages.js";
import { listFiles } from "./source-files.js";

const readText = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

const tests = listFiles("test")
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => ({ file: `test/${file}`, text: readText(`test/${file}`) }));

/** The arguments of each call `usePage(page, ...headings)` in the tests. */
const uses = tests.filter(({ text }) => text.includes("usePage(")).flatMap(({ text }) => listUses(text));

function listUses(text: string): { page: string; headings: string[] }[] {
  const found: { page: string; headings: string[] }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "usePage") {
      const [page = "", ...headings] = node.arguments.map((one) =>
        ts.isStringLiteral(one) ? one.text : "?",
      );
      found.push({ page, headings });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("a.ts", text, ts.ScriptTarget.Latest));
  return found;
}

const hasTest = ({ page, heading }: CodeBlock): boolean =>
  uses.some((use) => use.page === page && (use.headings.length === 0 || use.headings.includes(heading)));

/** Why the code of a block may not work, or `undefined`. */
function explainUntested(block: CodeBlock): string | undefined {
  if (block.language === "") return "has no language; use `text` for output";
  if (block.unknownWords.length > 0) return `has unknown words: ${block.unknownWords.join(" ")}`;
  if (block.file !== undefined) return explainOtherFile(block, block.file);
  return isRunnable(block) && !hasTest(block) ? "no test runs it" : undefined;
}

/** Why a block is not a part of a file that a test runs, or `undefined`. */
function explainOtherFile({ code }: CodeBlock, file: string): string | undefined {
  if (!listFiles(path.dirname(file)).includes(path.basename(file))) return `there is no ${file}`;
  if (!`\n${readText(file)}`.includes(`\n${code}`)) return `${file} has other lines`;
  const folder = file.split("/").slice(0, 2).join("/");
  return tests.some(({ text }) => text.includes(folder)) ? undefined : `no test uses ${folder}`;
}

const explainBlocks = (page: string): string[] =>
  listBlocks(page).flatMap((block) => {
    const why = explainUntested(block);
    return why === undefined ? [] : [`${formatBlock(block)}: ${why}`];
  });

const pages = listPages();

test.each(pages)(
  "each code block of %s is output, an excerpt, a part of a tested file, or has a test",
  (page) => expect(explainBlocks(page)).toEqual([]),
);

test("each test of a page names an existing page, and its headings", () => {
  for (const { page, headings } of uses) {
    expect(pages).toContain(page);
    const known = listBlocks(page).map(({ heading }) => heading);
    expect(headings.filter((heading) => !known.includes(heading))).toEqual([]);
  }
});

describe("the checks", () => {
  const block: CodeBlock = {
    page: "CONTRIBUTING.md",
    line: 1,
    heading: "Rules",
    language: "ts",
    isExcerpt: false,
    file: undefined,
    unknownWords: [],
    code: "a();\n",
  };
  const explain = (changes: Partial<CodeBlock>) => explainUntested({ ...block, ...changes });

  test("find a block that no test runs", () => {
    expect(explain({})).toBe("no test runs it");
    expect(explain({ isExcerpt: true })).toBeUndefined();
    expect(explain({ language: "text" })).toBeUndefined();
  });

  test("find a block that is not a part of its file", () => {
    const file = "examples/quick-start/index.ts";
    const [first = "", second = "", third = ""] = readText(file).split("\n");
    expect(explain({ file, code: `${second}\n${third}\n` })).toBeUndefined();
    expect(explain({ file, code: `${first}\n${third}\n` })).toBe(`${file} has other lines`);
    expect(explain({ file, code: `${second.slice(1)}\n` })).toBe(`${file} has other lines`);
    expect(explain({ file: "examples/quick-start/other.ts" })).toBe(
      "there is no examples/quick-start/other.ts",
    );
  });

  test("find a block without a language, or with an unknown word", () => {
    expect(explain({ language: "", isExcerpt: true })).toBe("has no language; use `text` for output");
    expect(explain({ isExcerpt: true, unknownWords: ["exerpt"] })).toBe("has unknown words: exerpt");
  });

  test("find the pages and headings of tests", () => {
    expect(listUses(`const page = usePage("a.md"); usePage("b.md", "One", "Two");`)).toEqual([
      { page: "a.md", headings: [] },
      { page: "b.md", headings: ["One", "Two"] },
    ]);
  });
});
