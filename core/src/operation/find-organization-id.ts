import { isOrgConnectionsError } from "../api/org-connections-error.js";
import type { OperationContext } from "./operation-context.js";
import { proveCaller } from "./prove-caller.js";

/**
 * Finds the organization that a `source` refers to: its configured `id`, or else the organization that its credentials are proven to
 * belong to. With an `id`, this needs no credentials, because a preview with `checks: offline` may have none.
 *
 * @throws `credentials-missing`, `unknown-source`, and the other errors of the credentials and of a request
 */
export async function findOrganizationId(
  context: OperationContext,
  source: string | undefined,
): Promise<string | undefined> {
  try {
    const session = context.getSession(source);
    return session.credentials.organizationId ?? (await proveCaller(session));
  } catch (error) {
    const isMissing = isOrgConnectionsError(error, "credentials-missing", "unknown-source");
    const id = isMissing ? context.readConfiguredId(source) : undefined;
    if (id === undefined) throw error;
    return id;
  }
}
