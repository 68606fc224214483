import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./bootstrap.mjs";
import { pulumiName } from "./pulumi-cli/executables.mjs";

/**
 * Creates a folder like that of the Pulumi CLI, whose `pulumi` also adds a line with its arguments to a file. `exec` keeps the
 * process ID, so that tests can kill the CLI.
 * @param {string} binDir the folder of the Pulumi CLI
 * @param {string} file
 * @returns {string} the new folder
 */
export function countEngineCommands(binDir, file) {
  const folder = join(root, ".local", "counted-pulumi");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(binDir)) {
    if (name !== pulumiName) symlinkSync(join(binDir, name), join(folder, name));
  }
  const wrapper = join(folder, pulumiName);
  writeFileSync(wrapper, `#!/bin/sh\necho "$*" >> '${file}'\nexec '${join(binDir, pulumiName)}' "$@"\n`);
  chmodSync(wrapper, 0o755);
  return folder;
}
