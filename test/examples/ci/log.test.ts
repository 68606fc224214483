import { expect, it } from "vitest";
import { runOnGitHub } from "./github.js";
import { declareConnection, useRecipes } from "./project.js";
import { parseWorkflowCommands } from "./workflow-commands.js";

const recipes = useRecipes("github");

/** Lines that the runner of GitHub would execute, in both forms. */
const LINES = [
  "::error title=harm::harm",
  "::add-mask::harm",
  "::set-output name=code::0",
  "  ::warning::harm",
  "##[error]harm",
  "harm ##[add-mask]harm",
  "::stop-commands::harmful-harmful-harm",
];

/** Prints them in every way that a program has, also directly to the log of the step. */
const PRINT = `
import * as fs from "node:fs";
const lines = ${JSON.stringify(LINES)};
for (const line of lines) {
  console.log(line);
  console.error(line);
  void pulumi.log.warn("harm\\n" + line);
}
let pid: string | undefined = String(process.ppid);
for (let level = 0; level < 6 && pid !== undefined && Number(pid) > 1; level++) {
  if (/step\\.sh/.test(fs.readFileSync("/proc/" + pid + "/cmdline", "utf8"))) {
    for (const stream of [1, 2]) fs.writeFileSync("/proc/" + pid + "/fd/" + stream, "\\n" + lines.join("\\n") + "\\n");
    break;
  }
  pid = /^\\d+ \\(.*\\) \\S+ (\\d+)/.exec(fs.readFileSync("/proc/" + pid + "/stat", "utf8"))?.[1];
}
`;

it("in every job, no line that the engine or program prints is a command", async () => {
  const { project } = recipes;
  project.writeProgram(`${PRINT}${declareConnection(["logs", "metrics"])}`);
  const { succeeded, jobs } = await runOnGitHub(recipes, "review");
  expect(succeeded).toBe(true);
  expect(JSON.stringify(jobs)).toContain("::error title=harm::harm");
  for (const { steps } of Object.values(jobs)) {
    for (const { commands } of Object.values(steps)) expect(commands).toEqual([]);
  }
  project.merge();
  for (const name of ["deploy", "nightly"]) {
    const run = await runOnGitHub(recipes, name);
    expect(run.succeeded).toBe(true);
    const [job] = Object.values(run.jobs);
    expect(JSON.stringify(job)).toContain("::error title=harm::harm");
    for (const { commands } of Object.values(job?.steps ?? {})) expect(commands).toEqual([]);
  }
});

it("this test detects each of them on both streams", () => {
  for (const line of LINES.slice(0, -1)) {
    expect(parseWorkflowCommands({ stdout: `text\n${line}\n`, stderr: "" })).toHaveLength(1);
    expect(parseWorkflowCommands({ stdout: "", stderr: line })).toHaveLength(1);
  }
  const stopped = "::stop-commands::0123456789abcdef\n::error::harm\n";
  expect(parseWorkflowCommands({ stdout: stopped, stderr: "" })).toEqual([]);
  expect(
    parseWorkflowCommands({ stdout: `${stopped}::0123456789ABCDEF::\n::error::harm`, stderr: "" }),
  ).toHaveLength(1);
  expect(parseWorkflowCommands({ stdout: stopped, stderr: "::error::harm" })).toHaveLength(1);
});
