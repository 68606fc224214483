import { planTypes, type Planned } from "../connection/plan.js";
import { UNKNOWN } from "../connection/types.js";
import { findKnownOrganizations, type KnownOrganizations } from "../operation/preview-snapshot.js";
import type { OperationContext } from "../operation/operation-context.js";
import { listDeletions } from "./diff.js";
import { hasKnownConnections } from "./fields.js";
import type { Member, PlannedSetInputs, SetInputs, SetState } from "./types.js";

/** The state of a set in a preview. Each property whose value is not certain is {@link UNKNOWN}. */
type PlannedSetState = Omit<Planned<SetState>, "connections" | "members"> & {
  connections: Record<string, string[] | typeof UNKNOWN> | typeof UNKNOWN;
  members: Record<string, Planned<Member>> | typeof UNKNOWN;
};

/**
 * Plans a create or update of a set, with the results of the preview checks. Sends no request.
 *
 * @param olds - the state; undefined for a create
 */
export async function planSet(
  context: OperationContext,
  olds: SetState | undefined,
  inputs: PlannedSetInputs,
): Promise<PlannedSetState> {
  const isSourceKnown = inputs.source !== UNKNOWN;
  const known: KnownOrganizations = isSourceKnown
    ? await findKnownOrganizations(context, inputs.source)
    : { names: new Map() };
  const sourceOrgId = isSourceKnown ? (olds?.sourceOrgId ?? known.callerId) : undefined;
  if (!isSourceKnown || !hasKnownConnections(inputs)) {
    return {
      ...inputs,
      connections: inputs.exclusive === true ? UNKNOWN : planConnections(inputs),
      members: UNKNOWN,
      undeclared: inputs.exclusive === true ? UNKNOWN : undefined,
      sourceOrgId: sourceOrgId ?? UNKNOWN,
      sourceOrgName: UNKNOWN,
    };
  }
  const members = planMembers(context, olds, inputs, known);
  const mayHaveUndeclared =
    inputs.exclusive === true && mayRecordUndeclared(olds, inputs, sourceOrgId, known);
  return {
    ...inputs,
    connections: mayHaveUndeclared ? UNKNOWN : planConnections(inputs),
    members,
    undeclared: mayHaveUndeclared ? UNKNOWN : undefined,
    sourceOrgId: sourceOrgId ?? UNKNOWN,
    sourceOrgName: planSourceName(olds, members, sourceOrgId, known),
  };
}

function planConnections({ connections }: PlannedSetInputs): PlannedSetState["connections"] {
  if (connections === UNKNOWN) return UNKNOWN;
  return Object.fromEntries(Object.entries(connections).map(([sink, types]) => [sink, planTypes(types)]));
}

function planMembers(
  context: OperationContext,
  olds: SetState | undefined,
  { source, connections }: SetInputs,
  { names }: KnownOrganizations,
): Record<string, Planned<Member>> {
  const plan = (sink: string): Planned<Member> => {
    const member = olds?.members[sink];
    if (member && !context.ledger.isDeleted(member.id)) return member;
    const adopted = context.ledger.findAdoption(source, sink);
    if (!adopted) {
      const sinkOrgName = names.get(sink) ?? UNKNOWN;
      return { id: UNKNOWN, sinkOrgName, createdAt: UNKNOWN, createdBy: UNKNOWN };
    }
    const { id, sink: party, createdAt, createdBy } = adopted;
    return { id, sinkOrgName: party?.name, createdAt, createdBy: createdBy?.id };
  };
  return Object.fromEntries(Object.keys(connections).map((sink) => [sink, plan(sink)]));
}

/** Plans `sourceOrgName`, which a set takes from the connections that it creates or adopts. */
function planSourceName(
  olds: SetState | undefined,
  members: Record<string, Planned<Member>>,
  sourceOrgId: string | undefined,
  { names }: KnownOrganizations,
): string | undefined {
  const hasNewMember = Object.entries(members).some(([sink, { id }]) => olds?.members[sink]?.id !== id);
  return hasNewMember ? (names.get(sourceOrgId ?? "") ?? UNKNOWN) : olds?.sourceOrgName;
}

/**
 * Whether the state of an exclusive set may contain undeclared connections after the change. A change deletes only connections in
 * the old state. It saves any other undeclared connection in the state, for the next change to delete.
 */
function mayRecordUndeclared(
  olds: SetState | undefined,
  inputs: SetInputs,
  sourceOrgId: string | undefined,
  { connections }: KnownOrganizations,
): boolean {
  if (!connections || sourceOrgId === undefined) return true;
  const idsToDelete = new Set(olds ? listDeletions(olds, inputs).map(({ id }) => id) : []);
  return connections.some(
    ({ id, source, sink }) =>
      source?.id === sourceOrgId && sink && !(sink.id in inputs.connections) && !idsToDelete.has(id),
  );
}
