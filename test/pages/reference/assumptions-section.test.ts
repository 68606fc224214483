import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { assumptions } from "../../../sandbox/src/index.js";
import { ROOT } from "../../tree.js";
import { formatAssumptions, HEADING } from "./assumptions-section.js";

const PAGE = path.join(ROOT, "docs/reference/sandbox.md");

/** `DOCS=1 npm test -- assumptions-section` writes the section. */
test("docs/reference/sandbox.md ends with the assumptions of the sandbox package", async () => {
  const [before = ""] = readFileSync(PAGE, "utf8").split(`${HEADING}\n`);
  const section = await formatAssumptions();
  if (process.env["DOCS"] === "1") writeFileSync(PAGE, `${before.trimEnd()}\n\n${section}`);
  const page = readFileSync(PAGE, "utf8");
  expect(page.slice(page.indexOf(`${HEADING}\n`))).toBe(section);
});

test("assumptions have unique names in kebab case, a sentence, and a source unless they are guesses", () => {
  const names = assumptions.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, sentence, kind, url } of assumptions) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(sentence, name).toMatch(/^[A-Z`].*[.`]$/);
    expect(url === undefined, name).toBe(kind === "assumed");
  }
});
