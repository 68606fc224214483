import { isOrgConnectionsError } from "../api/org-connections-error.js";
import type { OperationContext } from "./operation-context.js";
import { requireAllowedCaller } from "./prove-caller.js";

/**
 * Refuses a change with the credentials of another organization. This is the preview check of an update, which would refuse
 * the change too. Every other `OrgConnectionsError` is ignored, such as missing proof or rejected credentials: it does not prove a
 * mistake, and the update checks again. With `checks: offline`, nothing is checked here. This sends no request of its own if another
 * preview check with these credentials has already requested the same.
 *
 * @param sourceOrgId - the organization whose connection changes, from the state
 * @param purpose - what would fail, for the message
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
