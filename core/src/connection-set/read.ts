import { findByPair } from "../connection/existing.js";
import { describeRecreation } from "../connection/format-connection.js";
import { formatNotice } from "../connection/notices.js";
import { requireAllowedCaller } from "../operation/prove-caller.js";
import type { Session } from "../operation/session.js";
import { runWithRotationHint } from "../credentials/rotation-hint.js";
import type { OperationContext } from "../operation/operation-context.js";
import { deriveSetInputs } from "./fields.js";
import { findUndeclared } from "./claims.js";
import type { Member, SetState, SetInputs } from "./types.js";

/**
 * Reads the members of a set from the shared listing of its organization. A member is gone only if both conditions are true:
 *
 * - A complete listing, requested after this read started, lacks the member.
 * - The credentials are proven to belong to the set's organization.
 */
export async function readSet(
  context: OperationContext,
  olds: SetState,
): Promise<{ state: SetState; inputs: SetInputs }> {
  for (const { id } of Object.values(olds.members)) context.ledger.claim(id, olds.source);
  const session = context.getSession(olds.source, { isFromState: true });
  return runWithRotationHint(session.credentials, async () => {
    const sequence = session.getSequence();
    const ids = Object.values(olds.members).map(({ id }) => id);
    let listing = await session.getListing();
    const liveIds = new Set(listing.connections.map(({ id }) => id));
    if (ids.some((id) => !liveIds.has(id))) listing = await session.getListingSince(sequence);
    const live = new Map(listing.connections.map((connection) => [connection.id, connection]));
    const gone = Object.entries(olds.members).filter(([, { id }]) => !live.has(id));
    if (gone.length > 0 || olds.exclusive === true) {
      await requireSetOrganization(session, olds, "Reading the set");
    }
    for (const [sink, { id, sinkOrgName }] of gone) {
      const recreated = findByPair(listing, olds.sourceOrgId, sink);
      const sentence = `Connection ${id} to ${sinkOrgName ?? sink} is gone${describeRecreation(recreated)}`;
      context.warn(formatNotice(sentence, { kind: "gone", connectionId: id }));
    }

    const members: Record<string, Member> = {};
    const connections: Record<string, string[]> = {};
    for (const [sink, member] of Object.entries(olds.members)) {
      const connection = live.get(member.id);
      if (!connection) continue;
      const sinkOrgName = connection.sink?.name ?? member.sinkOrgName;
      members[sink] = { ...member, sinkOrgName };
      connections[sink] = connection.connectionTypes;
    }
    const state: SetState = { ...olds, members, connections };
    delete state.undeclared;
    if (olds.exclusive === true) {
      const undeclared = await findUndeclared(context, listing, state);
      Object.assign(connections, undeclared.connections);
      if (Object.keys(undeclared.ids).length > 0) state.undeclared = undeclared.ids;
    }
    return { state, inputs: deriveSetInputs(state) };
  });
}

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
