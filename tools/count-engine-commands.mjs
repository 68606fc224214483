import { chmodSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumiName } from "./pulumi-cli/executables.mjs";

/**
 * Creates a folder like that of the Pulumi CLI, whose `pulumi` also adds a line with its arguments to a file. `exec` keeps the
 * process ID, so that tests can kill the CLI.
 * @param {string} binDir the folder of the Pulumi CLI
 * @param {string} file
 * @returns {string} the new folder
 */
export function countEngineCommands(binDir, file) {
  const folder = mkdtempSync(join(tmpdir(), "counted-pulumi-"));
  for (const name of readdirSync(binDir)) {
    if (name !== pulumiName) symlinkSync(join(binDir, name), join(folder, name));
  }
  const wrapper = join(folder, pulumiName);
  writeFileSync(wrapper, `#!/bin/sh\necho "$*" >> '${file}'\nexec '${join(binDir, pulumiName)}' "$@"\n`);
  chmodSync(wrapper, 0o755);
  return folder;
}
