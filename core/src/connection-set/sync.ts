import { formatCount, pluralize } from "../text/phrases.js";
import { create } from "../connection/create.js";
import { deleteConnection } from "../connection/delete.js";
import { updateConnection } from "../connection/update.js";
import { requireProvenCaller } from "../operation/prove-caller.js";
import { hasSameTypes } from "../connection/inputs.js";
import type { Session } from "../operation/session.js";
import { isOrgConnectionsError, OrgConnectionsError, rephraseError } from "../api/org-connections-error.js";
import type { OperationContext } from "../operation/operation-context.js";
import { describeClaim, findUndeclared } from "./claims.js";
import { listDeletions } from "./diff.js";
import { requireSetOrganization } from "./read.js";
import { toConnectionInputs } from "./fields.js";
import { PartialFailure, type Member, type SetState, type SetInputs } from "./types.js";
import { formatNameAndId } from "../connection/format-connection.js";
import { mapConcurrent } from "../operation/map-concurrent.js";

/**
 * Creates, then updates, then deletes connections, so that they match the inputs. An exclusive set then saves its undeclared
 * connections in the state, for the next update to delete. Each change follows the rules of a single connection. At most
 * `maxConcurrent` changes are concurrent. The requests have the same limit, so further changes would only wait.
 *
 * @throws {@link PartialFailure} with the completed changes, if a change or the listing of undeclared connections failed
 * @throws `wrong-organization`, `organization-unproven`, and the errors of the credentials and of a request, before the first
 *   change
 */
export async function syncSet(
  context: OperationContext,
  olds: SetState | undefined,
  inputs: SetInputs,
): Promise<SetState> {
  context.ledger.startChanges();
  const stateOnly = olds && buildStateOnlyUpdate(context, olds, inputs);
  if (stateOnly) return stateOnly;
  const session = context.getSession(inputs.source);
  const sourceOrgId = await requireProvenCaller(session, "Changing the set");
  if (olds) await requireSetOrganization(session, olds, "Changing the set");

  const state = buildSetState(context, olds, inputs, sourceOrgId);
  const failures: BatchFailure[] = [];
  let skipped = 0;
  const toEndpoints = (sink: string) => ({ source: inputs.source, sourceOrgId, sinkOrgId: sink });
  const declared = Object.keys(inputs.connections).map((sink) => ({ sink }));
  const runChanges = async <T extends { sink: string }>(items: T[], work: (item: T) => Promise<void>) => {
    // If a batch has skipped changes, the following batches are skipped, too.
    const isStopped = skipped > 0;
    const result = isStopped
      ? { failures: [], skipped: items.length }
      : await runBatch(items, session.maxConcurrent, work);
    failures.push(...result.failures);
    skipped += result.skipped;
  };
  await runChanges(
    declared.filter(({ sink }) => !state.members[sink]),
    async ({ sink }) => {
      const { connectionId, state: created } = await create(context, toConnectionInputs(inputs, sink));
      const { sinkOrgName, createdAt, createdBy } = created;
      state.members[sink] = { id: connectionId, sinkOrgName, createdAt, createdBy };
      state.connections[sink] = created.connectionTypes;
      if (created.sourceOrgName !== undefined) state.sourceOrgName = created.sourceOrgName;
    },
  );
  await runChanges(
    declared.filter(({ sink }) => hasChangedTypes(state, inputs, sink)),
    async ({ sink }) => {
      const { id } = state.members[sink] as Member;
      const live = await updateConnection(session, id, toEndpoints(sink), inputs.connections[sink] ?? []);
      state.connections[sink] = live.connectionTypes;
    },
  );
  await runChanges(olds ? listDeletions(olds, inputs) : [], async ({ sink, id, isMember }) => {
    // An undeclared connection that another resource claims is not deleted. Diff has already warned about the claims that it found.
    if (!isMember && (await describeClaim(context, state, sink, id)) !== undefined) return;
    await deleteConnection(context, id, toEndpoints(sink));
    removeMember(state, sink);
  });
  const reasons = mergeFailures(failures, olds?.members);
  if (skipped > 0) reasons.push(createSkippedError(session, skipped, reasons[0]));
  // Completed changes must reach the state even if the listing fails.
  if (inputs.exclusive === true) {
    const recording = recordUndeclared(context, session, state, inputs);
    await recording.catch((error: unknown) => reasons.push(error as Error));
  }
  if (reasons.length > 0) throw new PartialFailure(state, reasons);
  return state;
}

function createSkippedError(session: Session, skipped: number, first: Error | undefined): Error {
  // An error that is not from this package has no code. `connection-failed` is only a guess.
  return new OrgConnectionsError(isOrgConnectionsError(first) ? first.code : "connection-failed", {
    happened: `${formatCount(skipped, "more change")} of ${session.credentials.label} ${pluralize(skipped, "was", "were")} skipped after too many consecutive failures.`,
    advice: "Fix the cause, then run `pulumi up` to apply the remaining changes.",
  });
}

/**
 * Builds the state after a change that needs no request, such as a new `reason`. Returns undefined if a request is
 * needed.
 */
function buildStateOnlyUpdate(
  context: OperationContext,
  olds: SetState,
  inputs: SetInputs,
): SetState | undefined {
  const state = buildSetState(context, olds, inputs, olds.sourceOrgId);
  const isUpToDate = Object.keys(inputs.connections).every(
    (sink) => state.members[sink] && !hasChangedTypes(state, inputs, sink),
  );
  // An exclusive set needs a request to find undeclared connections.
  return isUpToDate && listDeletions(olds, inputs).length === 0 && inputs.exclusive !== true
    ? state
    : undefined;
}

/**
 * Builds the state from which the changes of the set start: the inputs except `connections`, and the old members with their old
 * types. Omits members that this operation has already deleted.
 */
function buildSetState(
  context: OperationContext,
  olds: SetState | undefined,
  inputs: SetInputs,
  sourceOrgId: string,
): SetState {
  const members = Object.fromEntries(
    Object.entries(olds?.members ?? {}).filter(([, { id }]) => !context.ledger.isDeleted(id)),
  );
  const connections = Object.fromEntries(
    Object.keys(members).map((sink) => [sink, olds?.connections[sink] ?? []]),
  );
  return {
    ...inputs,
    connections,
    members,
    sourceOrgId,
    sourceOrgName: olds?.sourceOrgName,
  };
}

function hasChangedTypes(state: SetState, inputs: SetInputs, sink: string): boolean {
  return (
    state.members[sink] !== undefined &&
    !hasSameTypes(state.connections[sink] ?? [], inputs.connections[sink] ?? [])
  );
}

function removeMember(state: SetState, sink: string): void {
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a record by destination
  delete state.members[sink];
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
  delete state.connections[sink];
}

async function recordUndeclared(
  context: OperationContext,
  session: Session,
  state: SetState,
  inputs: SetInputs,
): Promise<void> {
  const listing = await session.getListing();
  const { connections, ids } = await findUndeclared(context, listing, state, inputs.connections);
  Object.assign(state.connections, connections);
  if (Object.keys(ids).length > 0) state.undeclared = ids;
}

/** The result of a batch. */
export interface BatchResult<T> {
  /** The errors, in the order of the items. */
  failures: { item: T; error: Error }[];
  /** The count of items that were not started. */
  skipped: number;
}

/** The minimum count of consecutive failures that stops a batch. Fewer failures may have separate causes. */
const MIN_FAILURES_TO_STOP = 32;

/**
 * Calls `work` for each item in order, at most `maxConcurrent` at a time. Stops after {@link MIN_FAILURES_TO_STOP} or
 * `maxConcurrent` consecutive failures, whichever is more. Skips the items that have not started, because in an outage, all
 * attempts for a thousand items would take an hour.
 *
 * @param maxConcurrent - the limit of concurrent requests. More concurrent items would only wait and use memory.
 */
export async function runBatch<T>(
  items: readonly T[],
  maxConcurrent: number,
  work: (item: T) => Promise<void>,
): Promise<BatchResult<T>> {
  let skipped = 0;
  let consecutiveFailures = 0;
  const failures = await mapConcurrent(items, maxConcurrent, async (item) => {
    if (consecutiveFailures >= Math.max(maxConcurrent, MIN_FAILURES_TO_STOP)) {
      skipped++;
      return [];
    }
    try {
      await work(item);
      consecutiveFailures = 0;
      return [];
    } catch (error) {
      consecutiveFailures++;
      return [{ item, error: error as Error }];
    }
  });
  return { failures: failures.flat(), skipped };
}

type BatchFailure = BatchResult<{ sink: string }>["failures"][number];

/** The maximum count of destinations in one message. */
const MAX_NAMED = 5;

/**
 * Merges failures with the same cause into one error, because a thousand equal lines would hide a different cause. Each
 * returned `OrgConnectionsError` lists up to {@link MAX_NAMED} failed destinations, which the original messages often do not
 * contain. For any other kind of error, returns the first error of each cause unchanged.
 *
 * @param members - the members by destination, which contain the names of the destinations
 */
function mergeFailures(failures: readonly BatchFailure[], members: SetState["members"] = {}): Error[] {
  const causes = new Map<string, BatchFailure[]>();
  for (const failed of failures) {
    const cause = String(failed.error);
    causes.set(cause, [...(causes.get(cause) ?? []), failed]);
  }
  return [...causes.values()].map((group) => {
    const error = group[0]?.error as Error;
    if (!isOrgConnectionsError(error)) return error;
    const named = group
      .slice(0, MAX_NAMED)
      .map(({ item: { sink } }) => formatNameAndId(members[sink]?.sinkOrgName, sink));
    const more = group.length > MAX_NAMED ? ` and ${group.length - MAX_NAMED} more` : "";
    const who =
      group.length === 1
        ? `destination ${named.join()}`
        : `${formatCount(group.length, "destination")} (${named.join(", ")}${more})`;
    return rephraseError(error, { happened: `For ${who}: ${error.happened}` });
  });
}

/**
 * Deletes the members of a set, and no other connection of its source organization.
 *
 * @throws the first error if a deletion failed, so that the set stays in the state. If several deletions failed or were skipped, an
 *   `OrgConnectionsError` also reports how many
 */
export async function deleteSet(context: OperationContext, olds: SetState): Promise<void> {
  const members = Object.entries(olds.members).map(([sink, member]) => ({ sink, ...member }));
  const { source, sourceOrgId, sourceOrgName } = olds;
  const { maxConcurrent } = context.getSession(source, { isFromState: true });
  const { failures, skipped } = await runBatch(members, maxConcurrent, ({ sink, id, sinkOrgName }) =>
    deleteConnection(context, id, { source, sourceOrgId, sourceOrgName, sinkOrgId: sink, sinkOrgName }),
  );
  const reasons = mergeFailures(failures, olds.members);
  const [first] = reasons;
  if (!first) return;
  const remaining = failures.length + skipped;
  if (!isOrgConnectionsError(first) || remaining === 1) throw first;
  const skippedHint =
    skipped > 0
      ? ` ${skipped} of the deletions ${pluralize(skipped, "was", "were")} skipped after too many consecutive failures.`
      : "";
  const otherReasons = reasons.length - 1;
  const reasonsHint =
    otherReasons > 0 ? ` Other deletions failed for ${formatCount(otherReasons, "other reason")}.` : "";
  throw rephraseError(first, {
    happened: `${remaining} deletions of members failed or were skipped. ${first.happened}${reasonsHint}${skippedHint}`,
  });
}
