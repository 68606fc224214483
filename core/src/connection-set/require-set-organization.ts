import { requireAllowedCaller } from "../operation/prove-caller.js";
import type { Session } from "../operation/session.js";
import type { SetState } from "./types.js";

const ADVICE_WITHOUT_MEMBERS =
  "Set the credentials of the right organization. If the set was created with wrong credentials, and the current ones are right, run " +
  "`pulumi up --replace` with the URN of the set, and without --refresh: it has no members, so no connection is deleted.";

/**
 * Requires that the session's credentials belong to the set's organization. A set without members may have been created with wrong
 * credentials by mistake. For this case, the advice also says how to replace the set.
 *
 * @param purpose - what fails without the proof, as the error message names it: `Changing the set`
 * @throws `wrong-organization`, `organization-unproven`, and the errors of a request
 */
export async function requireSetOrganization(
  session: Session,
  { sourceOrgId, members }: SetState,
  purpose: string,
): Promise<void> {
  const advice = Object.keys(members).length === 0 ? ADVICE_WITHOUT_MEMBERS : undefined;
  await requireAllowedCaller(session, [sourceOrgId], purpose, () => advice);
}
