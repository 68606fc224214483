import { OrgConnectionsError } from "../api/org-connections-error.js";
import { findErrorCode, findErrorName } from "./error-fields.js";
import type { ProofContext } from "./proof-context.js";

/** The error codes of `require` and `import` for a package that is not installed. */
const NOT_INSTALLED: readonly (string | undefined)[] = ["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"];

/**
 * Loads the libraries of one cloud. They are optional peer dependencies: users of other clouds do not install them.
 *
 * @param packages - the npm packages, each with a supported major version: `google-auth-library@10`
 * @param load - imports these packages
 * @throws `identity-missing`
 */
export async function loadLibrary<T>(
  packages: readonly string[],
  load: () => Promise<T>,
  { label }: ProofContext,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const code = findErrorCode(error);
    const isMissing = NOT_INSTALLED.includes(code);
    const names = packages.map((name) => name.replace(/@\d+$/, "")).join(", ");
    throw new OrgConnectionsError("identity-missing", {
      happened:
        `The workload identity of ${label} cannot be proven: ${names} ` +
        (isMissing ? "must be installed." : `could not be loaded (${code ?? findErrorName(error)}).`),
      advice:
        `Run \`npm install ${packages.join(" ")}\` in the folder whose node_modules contains the package that reports this ` +
        `error: pulumi-datadog-org-connections, its plugin (pulumi-resource-datadog-org-connections) or its command line (datadog-org-connections).`,
    });
  }
}
