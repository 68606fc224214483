import { OrgConnectionsError } from "../api/org-connections-error.js";
import { isTlsFailure } from "../api/network.js";
import { TimedOutError } from "../api/timers.js";
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

/** The error codes of Node.js and of the libraries' HTTP clients for a failed network connection. */
const NETWORK_CODES: readonly string[] = [
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
];

/**
 * Creates the error for a cloud whose library did not provide a proof.
 *
 * @param error - the error of the library
 * @param cloud - the name of the cloud, such as `AWS`
 * @param advice - what to do if the network is not the cause
 */
export function createLibraryError(
  error: unknown,
  cloud: string,
  advice: string,
  { label, timeoutMs }: ProofContext,
): OrgConnectionsError {
  if (error instanceof TimedOutError) {
    return new OrgConnectionsError("issuer-unreachable", {
      happened: `${cloud} did not prove the workload identity of ${label} within ${Math.round(timeoutMs / 1000)} s.`,
      advice: "Check the network, then run the command again.",
    });
  }
  const code = findErrorCode(error);
  if (code !== undefined && (NETWORK_CODES.includes(code) || isTlsFailure(code))) {
    return new OrgConnectionsError(
      "issuer-unreachable",
      {
        happened: `The network connection to ${cloud}, which proves the workload identity of ${label}, failed.`,
        advice: "Check the network and the proxy, then run the command again.",
        detail: `(${code})`,
      },
      { networkCode: code },
    );
  }
  return new OrgConnectionsError("identity-missing", {
    happened: `${cloud} did not prove the workload identity of ${label}: its library could not get credentials or a token.`,
    advice,
    detail: `(${findErrorName(error)})`,
  });
}

/** The maximum count of causes of an error that are searched. */
const MAX_DEPTH = 5;

/** Finds an error code of Node.js, such as `ECONNREFUSED`, in an error or in its causes. */
export function findErrorCode(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > MAX_DEPTH) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === "string" && /^[A-Z][A-Z0-9_]+$/.test(code)
    ? code
    : findErrorCode(error.cause, depth + 1);
}

/**
 * Returns the name of an error of a library, such as `CredentialsProviderError`, or else `Error`. The message of the error is never
 * used: it may contain the request, with a credential.
 */
export function findErrorName(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  return /^[A-Za-z]\w{0,60}$/.test(name) ? name : "Error";
}
