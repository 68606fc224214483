import { isOrgConnectionsError } from "../api/org-connections-error.js";
import type { OperationContext } from "../operation/operation-context.js";
import type { Session } from "../operation/session.js";
import { reportNotChecked } from "./not-checked.js";

/**
 * Refuses a change with the credentials of another organization, so that the preview fails. During `pulumi up`, an update would
 * refuse the change too. The create of a replacement would not refuse it, because a create does not get the state. Any other
 * `OrgConnectionsError` does not prove a mistake: ignores a missing proof, and reports the rest as not checked. Does nothing with
 * `checks: offline`. Reuses the responses to earlier preview checks with these credentials.
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
  let session: Session | undefined;
  try {
    session = context.getSession(source);
    await requireOrganization(session);
  } catch (error) {
    if (!isOrgConnectionsError(error) || error.code === "wrong-organization") throw error;
    if (session && error.code !== "organization-unproven") reportNotChecked(context, session, error);
  }
}
