import { MAX_LISTED, requireImportSource } from "../operation/import-sources.js";
import { hasBothOrganizations, listOutgoing } from "../connection/import.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { joinFirst } from "../text/phrases.js";
import { findByPair } from "../connection/existing.js";
import { describeRecreation, formatParty } from "../connection/format-connection.js";
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

/**
 * Finds all connections from one organization, as the members of a set to import. Changes nothing in Datadog.
 *
 * @param id - a configured organization: its name in the settings (`default` for the default organization) or its UUID
 * @param options - `isGet`: whether the program only reads the set. If so, members without types are accepted. @default false
 * @throws `unknown-source`, `wrong-organization`, `organization-unproven`, `connection-not-found`, `invalid-input`,
 *   `unexpected-response`, and the errors of the credentials and of a request
 */
export async function findSetToImport(
  context: OperationContext,
  id: string,
  { isGet = false }: { isGet?: boolean } = {},
): Promise<{ state: SetState; inputs: SetInputs }> {
  const importSource = await requireImportSource(context, id.trim());
  const { source } = importSource;
  const reading = await importSource.read();
  const { organization, listing } = reading;
  // A row without its source or destination may be a member. Without this error, the set would omit the member.
  const incomplete = listing.connections.find((connection) => !hasBothOrganizations(connection));
  if (incomplete) {
    throw new OrgConnectionsError("unexpected-response", {
      happened: `Datadog lists connection ${incomplete.id} without its source or destination, so the members of the set are not known.`,
      advice: "Run the command again.",
    });
  }
  // Sorted by the UUID of the destination, like the inputs that check returns.
  const members = listOutgoing(reading).toSorted((a, b) => (a.sink.id < b.sink.id ? -1 : 1));
  if (members.length === 0) {
    throw new OrgConnectionsError("connection-not-found", {
      happened: `No connections go from ${formatParty(organization)} to other organizations.`,
      advice: isGet
        ? "A `get` needs at least one existing connection. Check the name of the organization."
        : "There is nothing to import. Declare the set in the program: `pulumi up` creates its connections.",
    });
  }
  // Check would refuse a member without types, but its error would not say how to add the member to the set.
  const withoutTypes = members
    .filter(({ connectionTypes }) => connectionTypes.length === 0)
    .map(
      (member) =>
        `${member.id} (${[member.source, member.sink].map(({ id, name }) => name ?? id).join(" to ")})`,
    );
  if (withoutTypes.length > 0 && !isGet) {
    throw new OrgConnectionsError("invalid-input", {
      happened:
        `A set from ${formatParty(organization)} cannot be imported, because a set declares the types of each connection, ` +
        `and Datadog lists no types for ${joinFirst(withoutTypes, MAX_LISTED)}.`,
      advice:
        "Instead of importing the set, declare it with `adopt: true` and with the types that each connection is to share.",
    });
  }
  const state: SetState = {
    source,
    connections: Object.fromEntries(members.map(({ sink, connectionTypes }) => [sink.id, connectionTypes])),
    members: Object.fromEntries(
      members.map(({ id: connectionId, sink, createdAt, createdBy }) => [
        sink.id,
        { id: connectionId, sinkOrgName: sink.name, createdAt, createdBy: createdBy?.id },
      ]),
    ),
    sourceOrgId: organization.id,
    sourceOrgName: organization.name,
  };
  return { state, inputs: deriveSetInputs(state) };
}
