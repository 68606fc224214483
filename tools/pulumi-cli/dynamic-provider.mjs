import { chmodSync, copyFileSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SetupError } from "../setup-error.mjs";
import { dynamicProviderName } from "./executables.mjs";

/**
 * Puts the script that starts the process of dynamic resources next to the CLI. The official download holds it;
 * for a build of ours it comes from `@pulumi/pulumi`, whose package ships it. It starts the dynamic provider of
 * the *program's* `@pulumi/pulumi`, so it does not matter from which installation it is copied.
 * @param {string} binDir
 */
export function installDynamicProvider(binDir) {
  let source;
  try {
    const manifest = createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json");
    source = join(dirname(manifest), dynamicProviderName);
  } catch {
    throw new SetupError("@pulumi/pulumi is not installed here: run `npm ci` first");
  }
  if (!existsSync(source))
    throw new SetupError(`the installed @pulumi/pulumi ships no ${dynamicProviderName}`);
  const target = join(binDir, dynamicProviderName);
  copyFileSync(source, target);
  chmodSync(target, 0o755);
}
