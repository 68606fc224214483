import { isOrgConnectionsError } from "../api/org-connections-error.js";
import type { OperationContext } from "./operation-context.js";
import { proveCaller } from "./prove-caller.js";

/**
 * Finds the UUID of the organization of a `source`: the configured `id`, otherwise the proven organization of the credentials. With
 * a configured `id`, no credentials are needed, because a preview with `checks: offline` may have none.
 *
 * @returns the UUID, or `undefined` if nothing proves the organization
 * @throws `credentials-missing` or `unknown-source` if no `id` is configured, and the other errors of the credentials and of a
 *   request
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
