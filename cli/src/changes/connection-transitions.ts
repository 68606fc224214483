import {
  createEmptyState,
  type ResourceState,
  isUnknownValue,
  NOT_YET_KNOWN,
} from "../stack/resource-state.js";
import {
  readResourceConnections,
  type ResourceConnection,
  type ResourceConnections,
  type UnreadableConnections,
} from "./resource-connections.js";
import type { ResourceTimeline } from "./resource-timeline.js";
import { UNKNOWN_TYPES, type SharedData } from "./shared-data.js";
import { listDeclaredConnections, type DeclaredConnection } from "./declared-connections.js";
import type { ResourceRef } from "../stack/resources.js";
import type { AdoptionNotice } from "./adoption-notices.js";
import type { Collision, ComputedChange } from "./change.js";
import type { KnownConnection } from "./organization-directory.js";

/** What happens to one connection of a resource, or to its unreadable connections together. */
export interface ConnectionTransition {
  timeline: ResourceTimeline;
  /**
   * The connection before the change, from the refresh or, without a refresh, from the state. One of these:
   *
   * - the connection that the resource manages
   * - the unreadable connections of the resource, or the one of them that may be the declared connection
   * - an undeclared connection that an exclusive set deletes or may delete
   */
  current?: ResourceConnection | UnreadableConnections | undefined;
  /** The connection in the state, before a refresh. */
  prior?: ResourceConnection | undefined;
  /** What the program declares. If the resource is replaced, this connection takes the place of `current`. */
  declared?: DeclaredConnection | undefined;
  /** An undeclared connection that an exclusive set found. The program declares its destination now. */
  undeclared?: ResourceConnection | undefined;
}

/**
 * Lists the transitions of the connections of one resource, including unchanged ones. Empty if the timeline has no `op`, for
 * example because only the refresh shows the resource.
 */
export function listTransitions(timeline: ResourceTimeline): ConnectionTransition[] {
  const { op, isReplacementPending, refreshedState, priorState } = timeline;
  if (op === undefined) return [];
  // An interrupted replacement has already deleted its connection. A create has no current connection. If the refresh found the
  // connection gone, only `prior` contains it.
  const current =
    isReplacementPending || op === "create" ? NO_CONNECTIONS : readConnections(timeline, refreshedState);
  const prior = isReplacementPending || !priorState ? NO_CONNECTIONS : readConnections(timeline, priorState);
  const declared = op === "delete" ? [] : listDeclaredConnections(timeline);
  if (op === "same") return listUnchangedTransitions(timeline, current, declared);
  return timeline.resource.form === "single"
    ? listSingleTransitions(timeline, current, prior, declared[0])
    : listSetTransitions(timeline, current, prior.connections, declared);
}

const NO_CONNECTIONS: ResourceConnections = { connections: [] };

/** Reads the connections in a state. Without a state, the connections count as unreadable, because the resource may have some. */
const readConnections = (
  { resource }: ResourceTimeline,
  state: ResourceState | undefined,
): ResourceConnections => readResourceConnections({ resource, state: state ?? createEmptyState(resource) });

/**
 * Lists the transitions of a resource that does not change. The engine or Terraform has compared all values, including secrets. So
 * even values that the preview does not show are unchanged.
 */
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
    // For an update, the unreadable connection is already `current`.
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
  // A replacement or a deletion of the set deletes only its members. A set whose `exclusive` is unknown may be exclusive.
  const mayDeleteUndeclared = timeline.op === "update" && (exclusive === true || isUnknownValue(exclusive));
  const members = mapBySink(connections.filter(({ isUndeclared }) => !isUndeclared));
  const undeclared = mapBySink(connections.filter(({ isUndeclared }) => isUndeclared));
  const prior = mapBySink(priorConnections.filter(({ isUndeclared }) => !isUndeclared));
  const declaredBySink = new Map(allDeclared.map((one) => [one.shared.sink.id ?? "", one]));
  const destinationsUnknown = allDeclared.some((one) => one.destinationsUnknown);
  const transitions: ConnectionTransition[] = [];
  for (const [sink, declared] of declaredBySink) {
    transitions.push({
      timeline,
      declared,
      // The connection may be one of the unreadable connections.
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
  if (mayDeleteUndeclared) {
    for (const [sink, current] of undeclared) {
      // The unknown destinations may include this one. An unknown source may be another organization. The set is then replaced, and
      // a replacement deletes no undeclared connection.
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

/** Lists the transition of the unreadable connections. Nothing shows that they stay, so `declared` is left out. */
const listUnreadableTransitions = (
  timeline: ResourceTimeline,
  unreadable: ResourceConnections["unreadable"],
): ConnectionTransition[] => (unreadable ? [{ timeline, current: unreadable.rest }] : []);

/**
 * Finds the existing connection that may be the declared one. In an update, a declared connection with a known destination may be
 * one of the unreadable connections. The result then has this destination and unknown types.
 */
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
 * Declares a connection that may stay, change or be deleted, because the destinations or the source of the set are unknown.
 * `destinationsUnknown` is set in both cases.
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

/** Maps the connections of a set by destination. Each destination has at most one. */
const mapBySink = (list: readonly ResourceConnection[]): Map<string, ResourceConnection> =>
  new Map(list.map((one) => [one.shared.sink.id ?? "", one]));

/** A transition with resolved organizations, and with the effects of other transitions. */
export interface ResolvedTransition extends ConnectionTransition {
  /** What `current` shares, with all that is known about its organizations. */
  before: SharedData | undefined;
  /** What `declared` will share, with all that is known about its organizations. */
  after: SharedData | undefined;
  /** The connection that this transition adopts, and the fields of `ComputedChange` about the resource that gives the connection up. */
  adopts?: KnownConnection & Pick<ComputedChange, "adoptedFrom" | "mayInterrupt">;
  /** Whether another resource, or the replacement of this resource, adopts `current`. */
  isHandedOver: boolean;
  /** An unconfirmed notice in the preview that an existing connection is adopted, possibly by this transition. */
  adoptionNotice?: AdoptionNotice;
  /** The resources that may delete what this resource may adopt. If this resource moves, one can be its former self. */
  deletedBy: ResourceRef[];
  /** The resources that may adopt what this resource may delete. If this resource moves, one can be its new self. */
  adoptedBy: ResourceRef[];
  /** The pair already has a connection, which the program does not adopt. */
  collision?: Collision;
}
