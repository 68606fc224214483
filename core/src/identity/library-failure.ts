import { OrgConnectionsError } from "../api/org-connections-error.js";
import { isTlsFailure } from "../api/network.js";
import { findErrorCode, findErrorName } from "./error-fields.js";
import type { ProofContext } from "./proof-context.js";
import { TimedOutError } from "../api/timers.js";

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
