import { isOrgConnectionsError } from "../api/org-connections-error.js";
import type { OperationContext } from "./operation-context.js";
import type { Session } from "./session.js";

/**
 * Refuses a change with the credentials of another organization, so that the preview fails. During `pulumi up`, an update would
 * refuse the change too. The create of a replacement would not refuse it, because a create does not get the state. Ignores every
 * `OrgConnectionsError` except `wrong-organization`, because a missing proof or rejected credentials do not prove a mistake. Does
 * nothing with `checks: offline`. Reuses the responses to earlier preview checks with these credentials.
 *
 * @param requireOrganization - throws `wrong-organization` if the credentials belong to another organization
 * @throws `wrong-organization`
 */
export async function refuseOtherOrganization(
  context: OperationContext,
  source: string | undefined,
  requireOrganization: (session: Session) => Promise<void>,
): Promise<void> {
  if (context.getCheckMode() === "offline") return;
  try {
    await requireOrganization(context.getSession(source));
  } catch (error) {
    if (!isOrgConnectionsError(error) || error.code === "wrong-organization") throw error;
  }
}
