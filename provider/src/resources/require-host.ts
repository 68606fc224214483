import { createRequire } from "node:module";
import path from "node:path";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { formatMissingPackageAdvice } from "datadog-org-connections-core/program/add-package.js";

const PACKAGE = "pulumi-datadog-org-connections";

/**
 * The folder in which the language host has started this program, and in which the engine starts the provider process. Read
 * when this module is loaded, because a program can change its working directory. Without a language host, there is no such
 * folder: unit tests have no provider process, and that of an inline program of the Automation API may have another folder.
 */
const PROGRAM_FOLDER = process.env["PULUMI_NODEJS_MONITOR"] === undefined ? undefined : process.cwd();

let canLoadHost: boolean | undefined;

/**
 * Refuses a resource whose provider line (core/src/host/provider-lines.ts) cannot be evaluated: with pnpm, a program cannot load a
 * package that only a library depends on, and the provider process would fail with the error of `require`.
 *
 * @param resource - the resource, formatted for messages: `OrgConnection "hub"`
 * @throws `package-missing`
 */
export function requireHost(resource: string, folder = PROGRAM_FOLDER): void {
  if (folder === undefined) return;
  canLoadHost ??= canResolve(`${PACKAGE}/host`, folder);
  if (canLoadHost) return;
  throw new OrgConnectionsError("package-missing", {
    happened:
      `${resource}: the package ${PACKAGE} is not installed for the program in ${folder}, where Pulumi's provider process ` +
      "loads it.",
    advice: formatMissingPackageAdvice(PACKAGE, folder),
  });
}

function canResolve(name: string, folder: string): boolean {
  try {
    createRequire(path.join(folder, "index.js")).resolve(name);
    return true;
  } catch {
    return false;
  }
}
