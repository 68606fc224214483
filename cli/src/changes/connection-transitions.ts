import { createEmptyState, type ResourceState } from "../stack/resource-state.js";
import { isUnknownValue, NOT_YET_KNOWN } from "../stack/known-value.js";
import {
  readResourceConnections,
  type ResourceConnection,
  type ResourceConnections,
  type UnreadableConnections,
} from "./resource-connections.js";
import type { ResourceTimeline } from "./resource-timeline.js";
import { UNKNOWN_TYPES } from "./shared-data.js";
import { listDeclaredConnections, type DeclaredConnection } from "./declared-connections.js";

/** What happens to one connection of a resource, or to all of its unreadable connections together. */
export interface ConnectionTransition {
  timeline: ResourceTimeline;
  /** The connection that the resource manages, after a refresh if there was one, or an undeclared one that the exclusive set may delete. */
  current?: ResourceConnection | UnreadableConnections | undefined;
  /** The connection in the state, before a refresh. */
  prior?: ResourceConnection | undefined;
  /** What the program declares. If the resource is replaced, this connection takes the place of `current`. */
  declared?: DeclaredConnection | undefined;
  /** An undeclared connection to the declared destination: an exclusive set found it, and the program declares this destination now. */
  undeclared?: ResourceConnection | undefined;
}

/** Lists the transitions of the connections of one resource, including unchanged ones. None if only the refresh shows the resource. */
export function listTransitions(timeline: ResourceTimeline): ConnectionTransition[] {
  const { op, isPending, refreshedState, priorState } = timeline;
  if (op === undefined) return [];
  const current = isPending || op === "create" ? NO_CONNECTIONS : readConnections(timeline, refreshedState);
  const prior = isPending || !priorState ? NO_CONNECTIONS : readConnections(timeline, priorState);
  const declared = op === "delete" ? [] : listDeclaredConnections(timeline);
  if (op === "same") return listUnchangedTransitions(timeline, current, declared);
  return timeline.resource.form === "single"
    ? listSingleTransitions(timeline, current, prior, declared[0])
    : listSetTransitions(timeline, current, prior.connections, declared);
}

const NO_CONNECTIONS: ResourceConnections = { connections: [] };

/** A step without a state does not prove that there is no connection, so the connections are unreadable. */
const readConnections = (
  { resource }: ResourceTimeline,
  state: ResourceState | undefined,
): ResourceConnections => readResourceConnections({ resource, state: state ?? createEmptyState(resource) });

/** The engine has compared all values, including secrets, so even values that the preview does not show are unchanged. */
function listUnchangedTransitions(
  timeline: ResourceTimeline,
  { connections }: ResourceConnections,
  [declared]: readonly DeclaredConnection[],
): ConnectionTransition[] {
  const common = declared ?? { adopt: false, protect: false };
  return connections
    .filter(({ isUndeclared }) => !isUndeclared)
    .map((current) => ({
      timeline,
      current,
      declared: { ...common, destinationsUnknown: false, shared: current.shared },
    }));
}

function listSingleTransitions(
  timeline: ResourceTimeline,
  { connections, unreadable }: ResourceConnections,
  prior: ResourceConnections,
  declared?: DeclaredConnection,
): ConnectionTransition[] {
  const current = connections[0] ?? (declared && findPossibleConnection(timeline, unreadable, declared));
  return [
    ...(current || declared ? [{ timeline, current, prior: prior.connections[0], declared }] : []),
    // An update keeps the pair, so an unreadable connection is already `current`.
    ...(timeline.op === "update" ? [] : listUnreadableTransitions(timeline, unreadable)),
  ];
}

function listSetTransitions(
  timeline: ResourceTimeline,
  { connections, unreadable }: ResourceConnections,
  priorConnections: readonly ResourceConnection[],
  allDeclared: readonly DeclaredConnection[],
): ConnectionTransition[] {
  const exclusive = timeline.declared?.inputs.exclusive;
  // A replacement deletes the members of the old set and creates those of the new one. It changes nothing else.
  const isExclusive = timeline.op === "update" && (exclusive === true || isUnknownValue(exclusive));
  const members = groupBySink(connections.filter(({ isUndeclared }) => !isUndeclared));
  const undeclared = groupBySink(connections.filter(({ isUndeclared }) => isUndeclared));
  const prior = groupBySink(priorConnections.filter(({ isUndeclared }) => !isUndeclared));
  const declaredBySink = new Map(allDeclared.map((one) => [one.shared.sink.id ?? "", one]));
  const destinationsUnknown = allDeclared.some((one) => one.destinationsUnknown);
  const transitions: ConnectionTransition[] = [];
  for (const [sink, declared] of declaredBySink) {
    transitions.push({
      timeline,
      declared,
      // The connection may exist already, among those that cannot be read.
      current: members.get(sink) ?? findPossibleConnection(timeline, unreadable, declared),
      undeclared: undeclared.get(sink),
      prior: prior.get(sink),
    });
  }
  for (const [sink, current] of members) {
    if (declaredBySink.has(sink)) continue;
    transitions.push({
      timeline,
      current,
      prior: prior.get(sink),
      declared: destinationsUnknown ? declareWithUnknownTypes(timeline, current, allDeclared) : undefined,
    });
  }
  if (isExclusive) {
    for (const [sink, current] of undeclared) {
      // Once its destinations or its source are known, the set may declare the connection or be replaced.
      const mayStay = destinationsUnknown || timeline.declared?.inputs.source === NOT_YET_KNOWN;
      if (!declaredBySink.has(sink))
        transitions.push({
          timeline,
          current,
          declared: mayStay ? declareWithUnknownTypes(timeline, current, allDeclared) : undefined,
        });
    }
  }
  return [...transitions, ...listUnreadableTransitions(timeline, unreadable)];
}

/** Lists the transition of the unreadable connections. Nothing shows that they stay, so none is declared. */
const listUnreadableTransitions = (
  timeline: ResourceTimeline,
  unreadable: ResourceConnections["unreadable"],
): ConnectionTransition[] => (unreadable ? [{ timeline, current: unreadable.rest }] : []);

/** If not all connections can be read, a declared one may exist already, with unknown types. */
function findPossibleConnection(
  { op }: ResourceTimeline,
  unreadable: ResourceConnections["unreadable"],
  { shared, destinationsUnknown }: DeclaredConnection,
): UnreadableConnections | undefined {
  if (!unreadable || op !== "update" || destinationsUnknown) return undefined;
  const { rest } = unreadable;
  return { ...rest, shared: { ...rest.shared, sink: shared.sink } };
}

/**
 * Declares a connection that a set may or may not keep, because its destinations or its source are not known: the connection may stay,
 * change or be deleted. `destinationsUnknown` is set in both cases.
 */
function declareWithUnknownTypes(
  { op }: ResourceTimeline,
  { shared }: ResourceConnection,
  allDeclared: readonly DeclaredConnection[],
): DeclaredConnection {
  const common = allDeclared[0] ?? { adopt: false, protect: false };
  // The replacement may be a set of another organization.
  const source = op === "replace" ? (allDeclared[0]?.shared.source ?? {}) : shared.source;
  return { ...common, destinationsUnknown: true, shared: { ...shared, source, ...UNKNOWN_TYPES } };
}

const groupBySink = (list: readonly ResourceConnection[]): Map<string, ResourceConnection> =>
  new Map(list.map((one) => [one.shared.sink.id ?? "", one]));
