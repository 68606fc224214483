import { expect, it } from "vitest";
import { share, useRecipes } from "./project.js";

const recipes = useRecipes("github");
/** Runs a line as anyone does in a terminal. */
const run = (line: string, env: Record<string, string> = {}) =>
  recipes.project.terminal().bash(line, [], { ...recipes.secrets(), ...recipes.address(), ...env });
const preview = (line: string) => run(`sh ci/preview.sh ${line}`);
const review = (line = "org-connections-preview") => run(`sh ci/review.sh ${line}`);
const report = () => recipes.project.read("org-connections-report/review.md");

it("preview.sh passes flags to the preview, review.sh to the review; each passes on its exit code", async () => {
  expect(await preview("prod")).toMatchObject({ code: 0, output: "" });
  expect(await review()).toMatchObject({ code: 3, output: "" });
  expect(report()).toContain("begins to share");
  expect(report()).not.toContain("The rules are those of");
  expect((await review("org-connections-preview --lookup")).code).toBe(3);
  expect(report()).toContain("**Acme Payments → Acme Observability** begins to share");
  // The preview fails here and its review does not.
  const unexpected = await preview("prod --expect-no-changes");
  expect(unexpected.code).not.toBe(0);
  expect((await review()).code).toBe(3);
});

it("review.sh reports a program that fails", async () => {
  recipes.project.program(`throw new Error("broken on purpose");\n${share(["logs"])}`);
  expect((await preview("prod")).code).not.toBe(0);
  expect((await review()).code).toBe(1);
  expect(report()).toContain("broken on purpose");
});

it("review.sh leaves a report where there is no preview at all, and none of an earlier run", async () => {
  await run("mkdir org-connections-report && echo old > org-connections-report/review.md");
  const { code, output } = await preview("nowhere");
  expect(code).not.toBe(0);
  expect(output).toContain("nowhere");
  expect((await review()).code).toBe(1);
  expect(report()).toBe("No report could be made. The logs of the preview and of this job say why.\n");
});

it("without a stack or a folder they say what they need", async () => {
  for (const script of ["preview.sh [--fork] STACK", "review.sh [--fork] FOLDER"]) {
    const { code, output } = await run(`sh ci/${script.replace(/ .*/, "")}`);
    expect(code).not.toBe(0);
    expect(output).toContain(`sh ci/${script}`);
  }
});

it.each([
  ["a link to a file of the machine", "ln -sf /etc/passwd org-connections-preview/preview.json"],
  ["a link in place of the state", "ln -sf /etc/passwd org-connections-preview/state.json"],
  ["a folder that is a link", "mv org-connections-preview other && ln -s other org-connections-preview"],
  [
    "a pipe that nobody writes to",
    "rm org-connections-preview/preview.json && mkfifo org-connections-preview/preview.json",
  ],
  ["gigabytes", "truncate -s 2G org-connections-preview/state.json"],
])("review.sh takes no preview that is %s", async (_, damage) => {
  await run(
    "mkdir org-connections-preview && cd org-connections-preview && echo '{}' > state.json && echo '{}' > preview.json",
  );
  await run(damage);
  const { code, output } = await review();
  expect(code).toBe(1);
  expect(output).toMatch(/missing from the preview, or it is not a regular file|larger than 64 MiB/);
  expect(report()).toBe("No report could be made. The logs of the preview and of this job say why.\n");
});
