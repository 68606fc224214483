import { expect, test } from "vitest";
import { assumptions } from "../../sandbox/src/index.js";

test("assumptions have unique names in kebab case, a sentence, and a source unless they are guesses", () => {
  const names = assumptions.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, sentence, kind, url } of assumptions) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(sentence, name).toMatch(/^[A-Z`].*[.`]$/);
    expect(url === undefined, name).toBe(kind === "assumed");
  }
});
