import { expect, it } from "vitest";
import { share, useRecipes } from "./project.js";

const recipes = useRecipes("github");
const { engine } = recipes;
/** Runs the script as anyone does in a terminal. */
const review = (line: string, env: Record<string, string> = {}) =>
  recipes.project.bash(`sh ci/review.sh ${line}`, [], {
    ...recipes.secrets(),
    DD_HOST: engine.sandbox.url,
    ...env,
  });
const report = () => recipes.project.read("org-connections-report/review.md");

it("review.sh passes on the exit code of the review, and flags to the preview", async () => {
  expect(await review("prod")).toEqual({ code: 3, output: "" });
  expect(report()).toContain("begins to share");
  // The preview fails here and its review does not.
  const unexpected = await review("prod --expect-no-changes");
  expect(unexpected.code).toBe(1);
  expect(unexpected.output).toContain("pulumi preview failed with exit code");
  expect(report()).toContain("begins to share");
});

it("review.sh reports a program that fails", async () => {
  recipes.project.program(`throw new Error("broken on purpose");\n${share(["logs"])}`);
  expect((await review("prod")).code).toBe(1);
  expect(report()).toContain("broken on purpose");
});

it("review.sh leaves a report where there is no preview at all, and none of an earlier run", async () => {
  const old = "mkdir org-connections-report && echo old > org-connections-report/review.md";
  expect((await recipes.project.bash(old, [], {})).code).toBe(0);
  const { code, output } = await review("nowhere");
  expect(code).toBe(1);
  expect(output).toContain("nowhere");
  expect(report()).toBe("No report could be made. The log of this job says why.\n");
});

it("review.sh without a stack says what it needs", async () => {
  const { code, output } = await review("");
  expect(code).not.toBe(0);
  expect(output).toContain("Name the stack: sh ci/review.sh [--fork] STACK");
});
