import { chmodSync, copyFileSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SetupError } from "../setup-error.mjs";
import { dynamicProviderName } from "./executables.mjs";

/**
 * Installs the script that starts the dynamic provider next to the CLI. The official download contains it;
 * for our own build, it is copied from the package `@pulumi/pulumi`. It starts the dynamic provider of the
 * *program's* `@pulumi/pulumi`, so any installation is a valid source.
 * @param {string} binDir
 */
export function installDynamicProvider(binDir) {
  let source;
  try {
    const manifest = createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json");
    source = join(dirname(manifest), dynamicProviderName);
  } catch {
    throw new SetupError("@pulumi/pulumi is not installed: run `npm ci` first");
  }
  if (!existsSync(source)) throw new SetupError(`the installed @pulumi/pulumi has no ${dynamicProviderName}`);
  const target = join(binDir, dynamicProviderName);
  copyFileSync(source, target);
  chmodSync(target, 0o755);
}
