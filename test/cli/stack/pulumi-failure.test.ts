/** Failures of `pulumi` name their cause, and never its output. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describePulumiFailure } from "../../../cli/src/stack/pulumi-failure.js";
import { exportStack, readConfig } from "../../../cli/src/stack/pulumi.js";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "pulumi-failure-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a script that takes the place of `pulumi`. */
function writePulumi(script: string, mode = 0o755): void {
  const file = path.join(folder, "pulumi");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, mode);
}
const select = (cwd = folder) => ({ stack: "dev", cwd, env: { PATH: folder } });

test("a folder that is a file is reported as such", async () => {
  const file = path.join(folder, "file");
  writeFileSync(file, "");
  await expect(exportStack(select(file))).rejects.toThrow(
    `\`pulumi stack export --stack dev\` was not run: ${file} is not a folder. Pass the folder of the project.`,
  );
});

test("a PATH that consists of a file has no `pulumi`", async () => {
  writePulumi("");
  const env = { PATH: path.join(folder, "pulumi") };
  await expect(exportStack({ ...select(), env })).rejects.toThrow("`pulumi` is not on PATH");
});

test("a `pulumi` that is not executable is reported as such", async () => {
  writePulumi("", 0o644);
  await expect(exportStack(select())).rejects.toThrow(
    /was not run: the `pulumi` on PATH is not executable, .*EACCES/,
  );
});

test("output that is not JSON is reported without any of it, also in the cause", async () => {
  writePulumi("echo canary-key");
  const error: unknown = await readConfig(select()).catch((thrown: unknown) => thrown);
  expect(error).toHaveProperty(
    "message",
    "`pulumi config --json --show-secrets --stack dev` failed: its standard output is not JSON. " +
      "Check whether the `pulumi` on PATH is the Pulumi CLI.",
  );
  expect(error).not.toHaveProperty("cause");
});

test.each([
  ["exit 3", "failed: it gave no reason (exit code 3). Check whether"],
  ["kill -9 $$", "failed: it was stopped by the signal SIGKILL. Run `datadog-org-connections` again."],
  ["echo error: no stack >&2; exit 1", "failed: no stack"],
])("%s", async (script, message) => {
  writePulumi(script);
  await expect(exportStack(select())).rejects.toThrow(message);
});

test("too much output is reported without a warning on standard error, which is not the cause", () => {
  const error = { code: "ERR_CHILD_PROCESS_STDIO_MAXBUFFER", stderr: "warning: an old version" };
  expect(describePulumiFailure(error, folder)).toBe(
    "failed: it printed more than 512 MiB, which is the maximum. Check whether the `pulumi` on PATH is the Pulumi CLI.",
  );
});
