import type { Credentials } from "./resolve.js";
import { isOrgConnectionsError, OrgConnectionsError } from "../api/org-connections-error.js";

/**
 * Runs a read or a deletion; a refusal of keys from the stack's configuration gets a hint. The engine hands such keys
 * to refresh and destroy from the state of the last `up`, so they may be older than the configuration.
 */
export async function withRotationHint<T>(credentials: Credentials, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const refused = isOrgConnectionsError(error, "unauthenticated", "forbidden", "wrong-organization");
    if (!refused || !credentials.fromStack) throw error;
    throw new OrgConnectionsError(
      error.code,
      {
        happened: error.happened,
        advice:
          `${error.advice === undefined ? "" : `${error.advice} `}If the keys were rotated: refresh and destroy still use ` +
          `those of the last \`up\`. Set ${credentials.override}, or run one plain \`pulumi up\`, or add --run-program.`,
        detail: error.detail,
      },
      error.facts,
    );
  }
}
