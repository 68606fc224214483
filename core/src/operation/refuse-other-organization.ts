import { isOrgConnectionsError } from "../api/org-connections-error.js";
import type { OperationContext } from "./operation-context.js";
import { requireAllowedCaller } from "./prove-caller.js";

/**
 * Refuses a change with the credentials of another organization, so that the preview fails. During `pulumi up`, an update would
 * refuse the change too. The create of a replacement would not refuse it, because a create does not get the state. Ignores every
 * `OrgConnectionsError` except `wrong-organization`, because a missing proof or rejected credentials do not prove a mistake. Does
 * nothing with `checks: offline`. Reuses the responses to earlier preview checks with these credentials.
 *
 * @param sourceOrgId - the UUID of the source organization in the state
 * @param purpose - what would fail, as the error message names it: `Changing the set`
 * @throws `wrong-organization`
 */
export async function refuseOtherOrganization(
  context: OperationContext,
  source: string | undefined,
  sourceOrgId: string,
  purpose: string,
): Promise<void> {
  if (context.getCheckMode() === "offline") return;
  try {
    await requireAllowedCaller(context.getSession(source), [sourceOrgId], purpose);
  } catch (error) {
    if (!isOrgConnectionsError(error) || error.code === "wrong-organization") throw error;
  }
}
