import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../tree.js";
import { findReplacedWords, glossary } from "./vocabulary.mjs";

/** Files that others have written, or a program: results of benchmarks, recordings, licenses, checksums, pictures. */
const NOT_OURS =
  /^(?:docs\/benchmark\/|test\/(?:cli\/fixtures|live\/recordings)\/.*\.json$|package-lock\.json$|(?:.*\/)?LICENSE$|.*\.(?:png|sum|mod)$)/;
/** Names that others have given: an account of the operating system, organizations in recordings. */
const NAMES_OF_OTHERS =
  /^test\/(?:engine\/postgres-server\.ts:\d+: "nobody"|cli\/commands\/review\/recordings\.test\.ts:\d+: "Sink")/;
/** They hold the words themselves. */
const VOCABULARY = /^test\/repository\/(?:glossary\.json|vocabulary\.test\.ts)$/;

test("each file uses the words of the glossary, in identifiers and in prose", () => {
  const found = listFiles().flatMap((file) =>
    findReplacedWords(file, readFileSync(path.join(ROOT, file), "utf8")),
  );
  expect(found.filter((line) => !NAMES_OF_OTHERS.test(line))).toEqual([]);
});

function listFiles(): string[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  return execFileSync("git", args, { cwd: ROOT, encoding: "utf8" })
    .split("\0")
    .filter((file) => file !== "" && !NOT_OURS.test(file) && !VOCABULARY.test(file))
    .filter((file) => existsSync(path.join(ROOT, file)));
}

describe.each(glossary)("$thing: $word", ({ examples }) => {
  test.each(examples.identifiers)("the identifier %s is found", (name) => {
    expect(findReplacedWords("a.ts", `const ${name} = 1;`)).not.toEqual([]);
    expect(findReplacedWords("a.ts", `interface A { ${name}: string }`)).not.toEqual([]);
    expect(findReplacedWords(`${name}.ts`, "")).not.toEqual([]);
  });

  test.each(examples.prose)("the sentence %j is found", (sentence) => {
    expect(findReplacedWords("a.md", sentence)).not.toEqual([]);
    expect(findReplacedWords("a.ts", `/**\n * ${sentence.replace(" ", "\n * ")}\n */\nlet a;`)).not.toEqual(
      [],
    );
    expect(findReplacedWords("a.ts", `const a = "${sentence}";`)).not.toEqual([]);
    expect(findReplacedWords("a.ts", `const a = \`${sentence} \${1}\`;`)).not.toEqual([]);
  });

  test.each(examples.functions ?? [])("the function %s is found", (name) => {
    expect(findReplacedWords("core/src/a.ts", `function ${name}() {}`)).not.toEqual([]);
    expect(findReplacedWords("core/src/a.ts", `const ${name} = () => 1;`)).not.toEqual([]);
    expect(findReplacedWords("core/src/a.ts", `class A { ${name}() {} }`)).not.toEqual([]);
  });
});

test("the place of a word is its line", () => {
  expect(findReplacedWords("a.ts", "let a;\n/**\n * One.\n * All\n * strangers.\n */\nlet b;")).toEqual([
    expect.stringMatching(/^a\.ts:5: "strangers": /),
  ]);
});

test("words of others, which code only uses, are no finding", () => {
  expect(findReplacedWords("a.ts", 'import { answer } from "x";\nwrite(answer.text);')).toEqual([]);
});
