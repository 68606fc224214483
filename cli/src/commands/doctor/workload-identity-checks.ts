import { isOrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import type { Session } from "datadog-org-connections-core/operation/session.js";
import { createOk, createProblem, type Check } from "./check.js";

/** Checks an organization with a workload identity: lists its connections as other commands do, and reports the step that fails. */
export async function checkWorkloadIdentity(session: Session): Promise<Check[]> {
  const { credentialsFrom } = session.credentials;
  const credentials = createOk("credentials", `A workload identity is set: ${credentialsFrom}.`);
  try {
    await session.getListing();
  } catch (error) {
    if (!isOrgConnectionsError(error)) throw error;
    const next = error.advice ?? "Run the command again.";
    return [credentials, createProblem("token", "token-refused", error.happened, next)];
  }
  return [credentials, createOk("token", "Datadog issued an access token for the identity, and accepts it.")];
}
