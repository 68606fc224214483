import { getResourceKey, type ResourceRef } from "../stack/resources.js";
import type { Change } from "./facts.js";
import type { OrganizationRef, SharedData } from "./shared-data.js";
import type { ConnectionTransition } from "./connection-transitions.js";
import { readResourceConnections, type ResourceConnection } from "./resource-connections.js";
import type { OrganizationDirectory } from "./organization-directory.js";
import type { ResourceTimeline } from "./resource-timeline.js";
import { formatPair, toPlainText } from "./rich-text.js";
import type { StateResource } from "../stack/resource-state.js";

/** What the previews and plans of one review show, and the states before their changes. */
export interface ReviewedPreviews {
  changes: readonly Change[];
  transitions: readonly ConnectionTransition[];
  timelines: readonly ResourceTimeline[];
  /** The resources in the states, without the leftovers of interrupted replacements that the reviewed operations delete. */
  state: readonly StateResource[];
  /** Ids of connections that notices in the previews report as gone, in lower case. */
  gone: ReadonlySet<string>;
}

/** An unchanged resource with unreadable connections. These connections are not in `unchanged`. */
export interface UnreadableUnchangedResource extends ResourceRef {
  /** As far as it is known. */
  source: OrganizationRef;
}

/** What is shared both before and after the changes. */
export interface UnchangedConnections {
  unchanged: SharedData[];
  /**
   * The connections that a notice in the preview reports as gone, if no lookup confirms or refutes the notice. They stay in
   * `unchanged`, because any program can print such a notice.
   */
  reportedGone: SharedData[];
  unreadable: UnreadableUnchangedResource[];
  notes: string[];
}

/**
 * Finds the connections in the state or in the preview that no change affects. A resource may give up a connection that the
 * provider retains because another resource manages it. Such a connection is included. Undeclared connections are omitted.
 */
export function findUnchanged(
  { changes, transitions, timelines, state, gone }: ReviewedPreviews,
  directory: OrganizationDirectory,
): UnchangedConnections {
  const changedIds = new Set(
    changes.flatMap(({ connectionId, retainedBy }) => (retainedBy === undefined ? [connectionId] : [])),
  );
  const shownConnections = transitions.flatMap(({ current, declared, timeline }) =>
    current?.id !== undefined && declared && timeline.op !== "replace" ? [current] : [],
  );
  const refreshed = readRefreshed(timelines, gone, directory);
  // A refresh is newer than the state. So if the preview shows only the refresh of a resource, the resource is not read from the
  // state. A deposed object of Terraform has the address of its resource, so the ID is compared too.
  const refreshedOnly = new Set(
    timelines.flatMap(({ op, resource, priorState, refreshedState }) =>
      op === undefined && refreshedState
        ? [priorState, refreshedState].map((one) => formatKey(resource, one?.id))
        : [],
    ),
  );
  const remaining = state.filter((one) => !one.state.pendingReplacement);
  const outdatedKeys = listOutdatedKeys(transitions, timelines);
  const inState = remaining
    .filter((one) => !refreshedOnly.has(formatKey(one.resource, one.state.id)))
    .flatMap((one) =>
      readResourceConnections(one).connections.filter(
        ({ id }) => !outdatedKeys.has(formatKey(one.resource, id)),
      ),
    );
  // These connections are still in the state, but the refresh found them gone, and the program creates them again.
  const recreatedIds = new Set(
    transitions.flatMap((one) => (!one.current && one.prior ? [one.prior.id] : [])),
  );
  const connections = [...inState, ...refreshed.connections, ...shownConnections].filter(
    ({ id, isUndeclared }) => !changedIds.has(id) && !recreatedIds.has(id) && !isUndeclared,
  );
  const unchanged = [
    ...new Map(connections.map((one) => [one.id, directory.resolveEnds(one.shared)])).values(),
  ];
  return {
    unchanged: unchanged.toSorted((a, b) =>
      toPlainText(formatPair(a)).localeCompare(toPlainText(formatPair(b)), "en", { numeric: true }),
    ),
    reportedGone: refreshed.reportedGone,
    unreadable: listUnreadable(timelines, remaining, directory),
    notes: refreshed.notes,
  };
}

/**
 * Lists the keys of connections in the state that their resource no longer manages after the changes. `changedIds` does not contain
 * all of their ids. For example, it lacks the ids of retained connections, because another resource still manages them.
 */
function listOutdatedKeys(
  transitions: readonly ConnectionTransition[],
  timelines: readonly ResourceTimeline[],
): ReadonlySet<string> {
  const givenUpKeys = transitions.flatMap(({ current, declared, timeline }) =>
    current?.id !== undefined && (!declared || timeline.op === "replace")
      ? [formatKey(timeline.resource, current.id)]
      : [],
  );
  const goneKeys = timelines.flatMap(({ resource, op, priorState, refreshedState }) => {
    if (op === undefined || !priorState) return [];
    const found = new Set(
      refreshedState
        ? readResourceConnections({ resource, state: refreshedState }).connections.map(({ id }) => id)
        : [],
    );
    return readResourceConnections({ resource, state: priorState }).connections.flatMap(({ id }) =>
      found.has(id) ? [] : [formatKey(resource, id)],
    );
  });
  return new Set([...givenUpKeys, ...goneKeys]);
}

const formatKey = (resource: ResourceRef, id: string | undefined): string =>
  JSON.stringify([getResourceKey(resource), id]);

/** Lists the unchanged resources that cannot be read completely. A resource that changes is in the changes instead. */
function listUnreadable(
  timelines: readonly ResourceTimeline[],
  state: readonly StateResource[],
  directory: OrganizationDirectory,
): UnreadableUnchangedResource[] {
  const changing = new Set(
    timelines.flatMap(({ resource, op }) =>
      op === undefined || op === "same" ? [] : [getResourceKey(resource)],
    ),
  );
  const shown = timelines.flatMap(({ resource, refreshedState, isGone }) =>
    refreshedState && !isGone ? [{ resource, state: refreshedState }] : [],
  );
  const all = [...state, ...shown].filter(({ resource }) => !changing.has(getResourceKey(resource)));
  const found = all.flatMap((one): UnreadableUnchangedResource[] => {
    const { unreadable } = readResourceConnections(one);
    if (!unreadable) return [];
    return [{ ...unreadable.resource, source: directory.resolveOrganization(unreadable.rest.shared.source) }];
  });
  return [...new Map(found.map((one) => [getResourceKey(one), one])).values()].toSorted((a, b) =>
    a.name.localeCompare(b.name, "en", { numeric: true }),
  );
}

/**
 * Reads the connections of the resources for which the preview shows only a refresh. A connection that is gone is omitted. The
 * engine's events or the plan can show that a connection is gone. A notice of the provider counts only if a lookup confirms it. Any
 * program can print a notice, for example so that fewer destinations count for `maxDestinations` of a policy.
 */
function readRefreshed(
  timelines: readonly ResourceTimeline[],
  gone: ReadonlySet<string>,
  directory: OrganizationDirectory,
) {
  const found: { connections: ResourceConnection[]; reportedGone: SharedData[]; notes: string[] } = {
    connections: [],
    reportedGone: [],
    notes: [],
  };
  for (const { op, resource, refreshedState, isGone } of timelines) {
    if (op !== undefined || !refreshedState) continue;
    for (const connection of readResourceConnections({ resource, state: refreshedState }).connections) {
      if (connection.isUndeclared) continue;
      const shared = directory.resolveEnds(connection.shared);
      const isReported = gone.has(connection.id.toLowerCase());
      const isLive = isGone ? false : isReported ? directory.isLive(connection.id, shared) : true;
      const name = `${connection.id} (${toPlainText(formatPair(shared))})`;
      if (isLive === false) {
        found.notes.push(
          `Connection ${name} is gone: it was deleted outside this program. The reviewed operation only removes it from the state.`,
        );
        continue;
      }
      found.connections.push(connection);
      if (isLive === true) continue;
      found.reportedGone.push(shared);
      found.notes.push(
        `The preview reports that connection ${name} is gone. This is unconfirmed: ` +
          `${directory.hasLookup ? "the lookup did not reach its organizations" : "use --lookup to check it"}. Any program ` +
          "can print such a notice, so the connection counts as unchanged.",
      );
    }
  }
  return found;
}
