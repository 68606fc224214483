import type { Credentials } from "./resolve.js";
import { isOrgConnectionsError, rephraseError } from "../api/org-connections-error.js";

/**
 * Runs a read or a delete. Adds a hint to the error if credentials with {@link Credentials.fromConfig} are refused or belong to
 * another organization. The credentials may be outdated, because refresh and destroy use the credentials that the last `up`
 * stored in the state.
 */
export async function runWithRotationHint<T>(credentials: Credentials, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isRejected = isOrgConnectionsError(error, "unauthenticated", "forbidden", "wrong-organization");
    if (!isRejected || !credentials.fromConfig) throw error;
    const { overrideVariables } = credentials;
    const override =
      overrideVariables === undefined ? "" : `, or run it again after you have set ${overrideVariables}`;
    throw rephraseError(error, {
      advice:
        `${error.advice === undefined ? "" : `${error.advice} `}If the credentials were rotated, refresh and destroy ` +
        `still use those of the last \`up\`. Run \`pulumi up\` without --refresh, or run this command again ` +
        `with --run-program${override}.`,
    });
  }
}
