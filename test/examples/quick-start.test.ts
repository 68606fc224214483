import { ROOT } from "../tree.js";
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);

it("npm start runs the tour of the quick start, and checks each step in the sandbox", async () => {
  const pathWithCli = [process.env["PULUMI_TEST_BIN"], process.env["PATH"]].join(path.delimiter);
  const { stdout } = await run(process.execPath, ["tools/start.mjs"], {
    cwd: ROOT,
    env: { ...process.env, PATH: pathWithCli },
    maxBuffer: 10_000_000,
  });
  for (const step of [
    "1. Declare",
    "2. Preview",
    "3. Up",
    "4. Up again",
    "5. Change",
    "6. Drift",
    "7. Destroy",
  ]) {
    expect(stdout).toContain(`── ${step}`);
  }
  expect(stdout).toContain("For your own organization:");
});
