import { expect, it } from "vitest";
import { declareConnection, useRecipes } from "./project.js";

const recipes = useRecipes("github");
/** Runs a command line in a terminal. */
const runLine = (line: string, env: Record<string, string> = {}) =>
  recipes.project
    .createTerminal()
    .runBash(line, [], { ...recipes.getSecrets(), ...recipes.getAddress(), ...env });
const runPreview = (line: string) => runLine(`sh ci/preview.sh ${line}`);
const runReview = (line = "org-connections-preview") => runLine(`sh ci/review.sh ${line}`);
const readReport = () => recipes.project.readFile("org-connections-report/review.md");

it("preview.sh passes flags to the preview, review.sh to the review; each returns its exit code", async () => {
  expect(await runPreview("prod")).toMatchObject({ code: 0, output: "" });
  expect(await runReview()).toMatchObject({ code: 3, output: "" });
  expect(readReport()).toContain("starts sharing");
  expect(readReport()).not.toContain("The rules come from");
  expect(recipes.project.readFile("org-connections-report/summary.txt")).toBe(
    "1 created · policy: no violations\n",
  );
  const sarif = recipes.project.readFile("org-connections-report/review.sarif");
  expect(JSON.parse(sarif)).toMatchObject({ version: "2.1.0", runs: [{ results: [] }] });
  expect((await runReview("org-connections-preview --lookup")).code).toBe(3);
  expect(readReport()).toContain("**Acme Payments → Acme Observability** starts sharing");
  // The events show no failure, but the exit code does.
  const unexpected = await runPreview("prod --expect-no-changes");
  expect(unexpected.code).not.toBe(0);
  expect(recipes.project.readFile("org-connections-preview/exit-code")).toBe(`${unexpected.code}\n`);
  expect((await runReview()).code).toBe(1);
});

it("review.sh reports a failed program", async () => {
  recipes.project.writeProgram(`throw new Error("broken on purpose");\n${declareConnection(["logs"])}`);
  const { code, output } = await runPreview("prod");
  expect(code).not.toBe(0);
  expect(output).toMatch(/^error: .*broken on purpose/m);
  expect((await runReview()).code).toBe(1);
  expect(readReport()).toContain("broken on purpose");
});

it("preview.sh writes events, without a secret that the program creates", async () => {
  const { project } = recipes;
  project.writeProgram(
    declareConnection(["logs"]).replace(
      "connectionTypes",
      `reason: pulumi.secret("made-" + "here"), connectionTypes`,
    ),
  );
  expect(await runPreview("prod")).toMatchObject({ code: 0, output: "" });
  const preview = project.readFile("org-connections-preview/preview.json");
  expect(preview).toContain("resourcePreEvent");
  expect(preview).not.toContain("made-here");
});

it("without a preview, review.sh writes a new report instead of keeping an earlier one", async () => {
  await runLine("mkdir org-connections-report && echo old > org-connections-report/review.md");
  const { code, output } = await runPreview("nowhere");
  expect(code).not.toBe(0);
  expect(output).toContain("nowhere");
  expect((await runReview()).code).toBe(1);
  expect(readReport()).toBe(
    "The report could not be created. See the logs of the preview and of this job.\n",
  );
});

it("without a stack or folder, the scripts print their usage", async () => {
  for (const script of ["preview.sh [--fork] STACK", "review.sh [--fork] FOLDER"]) {
    const { code, output } = await runLine(`sh ci/${script.replace(/ .*/, "")}`);
    expect(code).not.toBe(0);
    expect(output).toContain(`sh ci/${script}`);
  }
});

it.each([
  ["a link to a file of the machine", "ln -sf /etc/passwd org-connections-preview/preview.json"],
  ["a link instead of the exit code", "ln -sf /etc/passwd org-connections-preview/exit-code"],
  ["a link instead of the state", "ln -sf /etc/passwd org-connections-preview/state.json"],
  ["a folder that is a link", "mv org-connections-preview other && ln -s other org-connections-preview"],
  [
    "a pipe without a writer",
    "rm org-connections-preview/preview.json && mkfifo org-connections-preview/preview.json",
  ],
  ["gigabytes", "truncate -s 2G org-connections-preview/state.json"],
])("review.sh rejects a preview that is %s", async (_, damage) => {
  await runLine(
    "mkdir org-connections-preview && cd org-connections-preview && echo 0 > exit-code && echo '{}' > state.json && echo '{}' > preview.json",
  );
  await runLine(damage);
  const { code, output } = await runReview();
  expect(code).toBe(1);
  expect(output).toMatch(/missing from the preview, or it is not a regular file|larger than 128 MiB/);
  expect(readReport()).toBe(
    "The report could not be created. See the logs of the preview and of this job.\n",
  );
});
