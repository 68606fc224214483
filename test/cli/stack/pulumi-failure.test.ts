/** Failures of `pulumi` name their cause, and never its output. */
import { chmodSync } from "node:fs";
import { expect, test } from "vitest";
import { describePulumiFailure, exportStack, readConfig } from "../../../cli/src/stack/pulumi.js";
import { useFolder } from "../folder.js";

const folder = useFolder({ isCleared: true });

/** Writes a script that takes the place of `pulumi`. */
const writePulumi = (script: string, mode = 0o755): void =>
  chmodSync(folder.write("pulumi", `#!/bin/sh\n${script}\n`), mode);
const select = (cwd = folder.path) => ({ stack: "dev", cwd, env: { PATH: folder.path } });

test.each([
  ["missing", "the folder MISSING does not exist"],
  ["file", "FILE is not a folder"],
])("a folder that is %s is reported as such, not as a missing `pulumi`", async (name, reason) => {
  folder.write("file", "");
  const cwd = folder.getPath(name);
  await expect(exportStack(select(cwd))).rejects.toThrow(
    `\`pulumi stack export --stack dev\` was not run: ${reason.replace(/MISSING|FILE/, cwd)}. Pass the folder of the project.`,
  );
});

test.each(["a missing folder", "pulumi"])("a PATH that consists of %s has no `pulumi`", async (name) => {
  writePulumi("");
  const env = { PATH: folder.getPath(name) };
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
  expect(describePulumiFailure(error, folder.path)).toBe(
    "failed: it printed more than 512 MiB, which is the maximum. Check whether the `pulumi` on PATH is the Pulumi CLI.",
  );
});
