import { formatOrganizationLabel } from "../credentials/resolve.js";
import { hasChangedOrganization, type DiffResult } from "../connection/diff.js";
import {
  markReplacements,
  type ChangeDetail,
  hasChangedInputs,
  listInputChanges,
} from "../connection/field.js";
import {
  refuseChangedSource,
  refuseOtherOrganization,
  reportExisting,
} from "../connection/preview-checks.js";
import type { OperationContext } from "../operation/operation-context.js";
import { describeClaim } from "./claims.js";
import {
  hasChangedConnections,
  hasKnownConnections,
  listSinks,
  SET_FIELDS,
  toConnectionInputs,
} from "./fields.js";
import { requireSetOrganization } from "./read.js";
import type { PlannedSetInputs, SetChange, SetState, SetInputs } from "./types.js";
import {
  isOrgConnectionsError,
  rephraseError,
  type OrgConnectionsError,
} from "../api/org-connections-error.js";
import type { Listing } from "../api/paging.js";
import { toCertainFailure } from "../connection/failure-certainty.js";
import { findByPair } from "../connection/existing.js";
import { UNKNOWN } from "../connection/types.js";
import { getRequestedSnapshot } from "../operation/preview-snapshot.js";
import type { Session } from "../operation/session.js";

/** The result of {@link compareSet}: the decision, and what the change does to connections. */
export interface SetComparison extends SetChange {
  result: DiffResult;
  deletions: readonly Deletion[];
}

/** Compares a set's state with its inputs, and returns only the decision. See {@link compareSet}. */
export async function diffSet(
  context: OperationContext,
  olds: SetState,
  inputs: PlannedSetInputs,
): Promise<DiffResult> {
  return (await compareSet(context, olds, inputs)).result;
}

/**
 * Compares a set's state with its inputs. The set is replaced only if its source organization changes.
 *
 * @throws `wrong-organization` if the update needs a request, and the credentials are proven to belong to another organization
 * @throws `organization-unproven` if it is unknown whether a new `source` is the organization in the state
 * @throws `pair-exists` if an existing connection of a newly declared pair must not be adopted
 * @throws the errors of the credentials, of the preview checks and of a request
 */
export async function compareSet(
  context: OperationContext,
  olds: SetState,
  inputs: PlannedSetInputs,
): Promise<SetComparison> {
  if (await hasChangedOrganization(context, olds, inputs.source)) {
    context.ledger.recordMove(olds, inputs.source, listSinks(inputs));
    // A replacement deletes the old members that no other resource is known to manage. It does not delete undeclared connections.
    const deletions = hasKnownConnections(inputs)
      ? listDeletions(olds, inputs).filter(
          ({ id, isMember }) => isMember && context.ledger.explainRetention(id) === undefined,
        )
      : [];
    return { result: { change: "replace", replaces: ["source"] }, deletions, sinksOfDeletedMembers: [] };
  }
  if (!hasKnownConnections(inputs))
    return { result: { change: "update" }, deletions: [], sinksOfDeletedMembers: [] };
  let hasRetained = false;
  for (const [sink, { id }] of Object.entries(olds.members)) {
    // A refresh also runs diff for sets that the program no longer declares. Their members are not retained.
    const isPairDeclared = context.ledger.isDeclared(inputs.source, sink);
    if (sink in inputs.connections && isPairDeclared) {
      context.ledger.retain(id, inputs.source, "a set");
      hasRetained = true;
    }
  }
  if (hasRetained) await refuseChangedSource(context, inputs.source, { sourceOrgId: olds.sourceOrgId });
  const deletions = await findUnclaimedDeletions(context, olds, inputs);
  for (const { sink, id } of deletions) {
    const name = olds.members[sink]?.sinkOrgName ?? sink;
    context.warn(`${olds.sourceOrgName ?? olds.sourceOrgId} to ${name}: connection ${id} will be deleted.`);
  }
  // This operation may have deleted a member together with another resource that had the same connection in its state.
  const sinksOfDeletedMembers = Object.keys(olds.members).filter((sink) =>
    context.ledger.isDeleted(olds.members[sink]?.id ?? ""),
  );
  // A member that is no longer declared leaves the state, even if another resource manages its connection.
  const losesConnections =
    deletions.length > 0 || listDeletions(olds, inputs).some(({ isMember }) => isMember);
  if (sinksOfDeletedMembers.length === 0 && !losesConnections && !hasChangedInputs(SET_FIELDS, olds, inputs))
    return { result: { change: "none" }, deletions, sinksOfDeletedMembers };
  const needsRequest = inputs.exclusive === true || losesConnections || hasChangedConnections(olds, inputs);
  if (needsRequest) await refuseChangeByOtherOrganization(context, olds, inputs);
  await reportNewlyDeclared(context, olds, inputs);
  return { result: { change: "update" }, deletions, sinksOfDeletedMembers };
}

/** A connection that a change deletes, or may delete. */
interface Deletion {
  /** UUID of the destination. */
  sink: string;
  /** UUID of the connection. */
  id: string;
  /** True for a member of the set. False for an undeclared connection. */
  isMember: boolean;
}

/**
 * Lists the connections that a change may delete, because the inputs do not declare their destinations: members and, for an
 * exclusive set, the undeclared connections in the state. Ignores the claims of other resources.
 */
export function listDeletions(olds: SetState, inputs: SetInputs): Deletion[] {
  const members = Object.entries(olds.members).map(([sink, { id }]) => ({ sink, id, isMember: true }));
  const undeclared = inputs.exclusive === true ? Object.entries(olds.undeclared ?? {}) : [];
  return [...members, ...undeclared.map(([sink, id]) => ({ sink, id, isMember: false }))].filter(
    ({ sink }) => !(sink in inputs.connections),
  );
}

/**
 * Lists the deletions of an update. Omits members that another resource is known to manage, and undeclared connections that another
 * resource claims (see {@link describeClaim}). A warning reports each omitted connection.
 */
async function findUnclaimedDeletions(
  context: OperationContext,
  olds: SetState,
  inputs: SetInputs,
): Promise<Deletion[]> {
  const organization = { source: inputs.source, sourceOrgId: olds.sourceOrgId };
  const unclaimed: Deletion[] = [];
  for (const deletion of listDeletions(olds, inputs)) {
    const { sink, id, isMember } = deletion;
    const reason = isMember
      ? context.ledger.explainRetention(id)
      : await describeClaim(context, organization, sink, id);
    if (reason === undefined) {
      unclaimed.push(deletion);
      continue;
    }
    context.warn(
      `${olds.sourceOrgName ?? olds.sourceOrgId} to ${sink}: connection ${id} is not declared by the ${isMember ? "" : "exclusive "}set of ` +
        `${formatOrganizationLabel(inputs.source)}, and is not deleted: ${reason}.`,
    );
  }
  return unclaimed;
}

/**
 * Refuses a change with the credentials of another organization, so that the preview fails instead of the update. Ignores a set
 * that the program no longer declares. Only a refresh runs diff for that set, and a refresh changes nothing in Datadog.
 */
async function refuseChangeByOtherOrganization(
  context: OperationContext,
  olds: SetState,
  { source, connections }: SetInputs,
): Promise<void> {
  const isDeclared = Object.keys({ ...olds.members, ...connections }).some((sink) =>
    context.ledger.isDeclared(source, sink),
  );
  if (!isDeclared) return;
  await refuseOtherOrganization(context, source, (session) =>
    requireSetOrganization(session, olds, "Changing the set"),
  );
}

/** Lists the changes that explain the result of `compareSet`. If the result is no change, the list is empty. Pure. */
export function explainSetDiff(
  olds: SetState,
  inputs: PlannedSetInputs,
  comparison: SetComparison,
): ChangeDetail[] {
  const { result } = comparison;
  if (result.change === "none") return [];
  const details = listInputChanges(SET_FIELDS, olds, inputs, comparison);
  return markReplacements(details, result.change === "replace" ? result.replaces : []);
}

/**
 * Warns that the update will adopt each existing connection to a newly declared destination. Check cannot do this.
 * It gets only the old inputs, which do not show the members in two cases:
 *
 * - After an update that failed in part, the old inputs may lack members, whose destinations then seem new.
 * - After a refresh, the old inputs may contain undeclared connections, whose destinations then do not seem new.
 *
 * @throws `pair-exists` if an existing connection must not be adopted
 * @throws an error of the preview checks if the update would certainly fail in the same way
 */
async function reportNewlyDeclared(
  context: OperationContext,
  olds: SetState,
  inputs: SetInputs,
): Promise<void> {
  if (inputs.source === UNKNOWN) return;
  const newSinks = Object.keys(inputs.connections).filter(
    (sink) =>
      !olds.members[sink] &&
      context.ledger.mustReportExistingOfSet(inputs.source, sink, {
        isUndeclared: olds.undeclared?.[sink] !== undefined,
      }),
  );
  if (newSinks.length === 0 || context.getCheckMode() === "offline") return;
  const session = context.getSession(inputs.source);
  const listing = await loadBaseline(session);
  if (!listing) return;
  const refusals: OrgConnectionsError[] = [];
  for (const sink of newSinks) {
    const existing = findByPair(listing, olds.sourceOrgId, sink);
    try {
      if (existing) reportExisting(context, session, toConnectionInputs(inputs, sink), existing);
    } catch (error) {
      if (!isOrgConnectionsError(error)) throw error;
      refusals.push(error);
    }
  }
  // The refusals have the same code and advice.
  const [first] = refusals;
  if (first) throw rephraseError(first, { happened: refusals.map(({ happened }) => happened).join(" ") });
}

/**
 * Returns the listing of the preview checks. Returns undefined after an error if the update may still succeed.
 *
 * @throws an error with which the update would certainly fail
 */
async function loadBaseline(session: Session): Promise<Listing | undefined> {
  try {
    // If the requests of the preview checks failed, this call throws their error instead of sending the requests again.
    await getRequestedSnapshot(session);
    return await session.getBaselineListing();
  } catch (error) {
    const failure = toCertainFailure(error);
    if (failure) throw failure;
    return undefined;
  }
}
