import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parseMarkdown } from "../../tools/markdown.mjs";
import { ROOT } from "../tree.js";
import { explainBrokenLink, listAnchors, listPages, readPage } from "./pages.js";
import { listFiles } from "./source-files.js";

const MAX_PARAGRAPH_LINES = 6;
/** The width of a line for the count of a paragraph's lines, so that one long line does not count as one. */
const LINE_WIDTH = 132;
const MAX_TABLE_WIDTH = 140;

/** A newcomer reads it from the top. */
const MAX_README_LINES = 200;

/** Splits the source of a paragraph or a table into lines, without the marks of a list or a quotation. */
const splitLines = (source: string): string[] =>
  source.split("\n").map((line) => line.replace(/^[\s>]+/, ""));

/** The lines of a paragraph. A line that is too long counts as several. */
const countLines = (source: string): number =>
  splitLines(source).reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LINE_WIDTH)), 0);

function listLongParagraphs(markdown: ReturnType<typeof parseMarkdown>, file: string): string[] {
  return markdown.paragraphs
    .filter(({ source }) => countLines(source) > MAX_PARAGRAPH_LINES)
    .map(({ line, source }) => `${file}:${line}: a paragraph of ${countLines(source)} lines`);
}

function listWideTables(markdown: ReturnType<typeof parseMarkdown>, file: string): string[] {
  return markdown.tables.flatMap(({ line, source }) => {
    const width = Math.max(...splitLines(source).map((one) => one.length));
    return width > MAX_TABLE_WIDTH ? [`${file}:${line}: a table of ${width} characters`] : [];
  });
}

const pages = listPages();

test("the pages are found", () => {
  expect(pages).toEqual(
    expect.arrayContaining(["README.md", "CHANGELOG.md", "SECURITY.md", "docs/reference/errors.md"]),
  );
});

describe.each(pages)("%s", (file) => {
  test("all links and pictures lead to a file, a heading or an https address", () => {
    const broken = readPage(file).links.flatMap(({ line, url }) => {
      const why = explainBrokenLink(file, url);
      return why === undefined ? [] : [`${file}:${line}: ${url}: ${why}`];
    });
    expect(broken).toEqual([]);
  });

  test("has only inline links, whose targets tests and package pages can check", () => {
    const { references, html } = readPage(file);
    expect(references.map(({ line, source }) => `${line}: ${source}`)).toEqual([]);
    expect(html.map(({ source }) => source).filter((one) => /\b(?:href|src|srcset)\s*=/i.test(one))).toEqual(
      [],
    );
  });

  test("each picture has a description", () => {
    const pictures = readPage(file).links.filter(({ isPicture }) => isPicture);
    expect(pictures.filter(({ text }) => text.trim().length < 5).map(({ line }) => line)).toEqual([]);
  });

  test("no paragraph has more than six lines, and no table is wider than 140", () => {
    const page = readPage(file);
    expect([...listLongParagraphs(page, file), ...listWideTables(page, file)]).toEqual([]);
  });
});

test("each picture in docs is on a page", () => {
  const used = pages.flatMap((file) =>
    readPage(file).links.map(({ url }) => path.posix.join(path.posix.dirname(file), url)),
  );
  const pictures = listFiles("docs").filter((file) => /\.(?:png|gif|svg)$/.test(file));
  expect(pictures).toContain("map.gif");
  expect(pictures.filter((file) => !used.includes(`docs/${file}`))).toEqual([]);
});

test("README.md has at most 200 lines", () => {
  const lines = readFileSync(path.join(ROOT, "README.md"), "utf8").trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(MAX_README_LINES);
});

describe("the checks", () => {
  const check = (url: string) => explainBrokenLink("docs/reference/errors.md", url);

  test("find a link to a file that does not exist", () => {
    expect(check("no-such-page.md")).toBe("no such file or folder");
    expect(check("../../../outside.md")).toBe("no such file or folder");
    // Git ignores it.
    expect(check("../../node_modules")).toBe("no such file or folder");
    expect(check("settings.md")).toBeUndefined();
    expect(check("../../test/repository")).toBeUndefined();
  });

  test("find a link to a heading that does not exist", () => {
    expect(check("settings.md#no-such-heading")).toBe("no such heading");
    expect(check("#no-such-heading")).toBe("no such heading");
    expect(check("#forbidden")).toBeUndefined();
    expect(check("settings.md#where-credentials-are-sent")).toBeUndefined();
  });

  test("find an address that is not https", () => {
    expect(check("http://example.com")).toBe("no https address");
    expect(check("https://example.com/a#b")).toBeUndefined();
  });

  test("create the anchors of GitHub", () => {
    const page = parseMarkdown("# `a-b`, C & d!\n\n## Twice\n\n## Twice\n\n### Wörter _und_ [Link](x.md)\n");
    expect(listAnchors(page)).toEqual(["a-b-c--d", "twice", "twice-1", "wörter-und-link"]);
  });

  test("count the lines of paragraphs in lists and quotations, and of long lines", () => {
    const six = Array.from({ length: 6 }, () => "line").join("\n  ");
    const seven = `${six}\n  line`;
    expect(listLongParagraphs(parseMarkdown(`- ${six}\n`), "a.md")).toEqual([]);
    expect(listLongParagraphs(parseMarkdown(`- ${seven}\n`), "a.md")).toEqual([
      "a.md:1: a paragraph of 7 lines",
    ]);
    expect(listLongParagraphs(parseMarkdown(`> ${seven.replaceAll("\n", "\n> ")}\n`), "a.md")).toHaveLength(
      1,
    );
    expect(listLongParagraphs(parseMarkdown(`${"word ".repeat(200)}\n`), "a.md")).toHaveLength(1);
  });

  test("measure tables", () => {
    const row = `| ${"a".repeat(137)} |`;
    expect(listWideTables(parseMarkdown(`| a |\n| - |\n${row}\n`), "a.md")).toEqual([
      "a.md:1: a table of 141 characters",
    ]);
    expect(listWideTables(parseMarkdown(`| a |\n| - |\n${row.replace("a", "")}\n`), "a.md")).toEqual([]);
  });
});
