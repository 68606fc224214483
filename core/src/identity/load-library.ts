import { OrgConnectionsError } from "../api/org-connections-error.js";
import { findErrorCode, findErrorName } from "./error-fields.js";
import type { ProofContext } from "./proof-context.js";

/** The codes of `require` and of `import`. */
const NOT_INSTALLED: readonly (string | undefined)[] = ["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"];

/**
 * Loads the libraries of one cloud. They are optional peer dependencies: users of other clouds do not install them.
 *
 * @param packages - with their supported versions, as npm takes them: `google-auth-library@10`
 * @param load - imports them
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
        (isMissing ? "must be installed for it." : `could not be loaded (${code ?? findErrorName(error)}).`),
      advice:
        `Run \`npm install ${packages.join(" ")}\` in the folder where pulumi-datadog-org-connections, its plugin ` +
        `(pulumi-resource-datadog-org-connections) or its command line is installed.`,
    });
  }
}
