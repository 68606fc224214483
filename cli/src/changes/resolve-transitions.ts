import { isOwnTool, isSameResource, type ResourceRef } from "../stack/resources.js";
import type { ConnectionTransition, ResolvedTransition } from "./connection-transitions.js";
import {
  toKnownConnection,
  type OrganizationDirectory,
  type KnownConnection,
} from "./organization-directory.js";
import type { AdoptionNotice, CheckedAdoptions } from "./adoption-notices.js";
import {
  findFormerOwners,
  getFormerRef,
  hasFormerHost,
  isDeletedById,
  isGivenUp,
  listDeletingOwners,
  canHandOver,
} from "./former-owners.js";
import { PairIndex } from "./pair-index.js";
import {
  subtract,
  getOrganizationKey,
  isSamePair,
  UNKNOWN_TYPES,
  type Pair,
  type SharedData,
} from "./shared-data.js";
import type { StateResource } from "../stack/resource-state.js";
import { readResourceConnections } from "./resource-connections.js";

/**
 * Resolves the transitions of all resources together, because one resource can adopt or collide with the connection that another
 * resource gives up.
 *
 * @param adoptions - the adoptions that the preview reports, and which of them are confirmed
 * @param findManagedElsewhere - finds the connections that other resources manage and cannot hand over
 */
export function resolveTransitions(
  transitions: readonly ConnectionTransition[],
  directory: OrganizationDirectory,
  adoptions: CheckedAdoptions,
  findManagedElsewhere: FindManagedElsewhere = () => undefined,
): ResolvedTransition[] {
  const all = transitions.map((transition) => resolveTransition(transition, directory));
  const givenUp = new PairIndex(all.filter(isGivenUp), ({ before }) => before);
  const created = all.filter(isCreatedOrAdopted);
  const confirmed = new PairIndex(adoptions.confirmed, ({ pair }) => pair);
  const createdPairs = new PairIndex(created, ({ after }) => after);
  // A confirmed adoption may match no resource, for example if the UUID of the resource's source is unknown. The adoption then
  // counts as unconfirmed.
  const unassigned = adoptions.confirmed.filter(({ pair }) => createdPairs.listSame(pair).length === 0);
  const findNotice = createNoticeFinder(
    [...adoptions.unconfirmed, ...unassigned.map(({ notice }) => notice)],
    created,
  );
  for (const transition of created)
    matchExisting(transition, givenUp, directory, { confirmed, findNotice, findManagedElsewhere });
  return all;
}

function resolveTransition(
  transition: ConnectionTransition,
  directory: OrganizationDirectory,
): ResolvedTransition {
  const { current, declared, timeline } = transition;
  const before = current && directory.resolveEnds(current.shared);
  // If the source turns out to be another organization, the `up` replaces the connection. The preview cannot know that.
  const mayBeReplaced =
    before !== undefined && timeline.op === "update" && declared?.isSourceNotYetKnown === true;
  const after =
    declared &&
    directory.resolveEnds(
      mayBeReplaced ? { ...declared.shared, ...UNKNOWN_TYPES } : declared.shared,
      !current || timeline.op === "replace",
    );
  const resolved = { ...transition, isHandedOver: false, deletedBy: [], adoptedBy: [], before, after };
  if (!before || !after) return resolved;
  // The state of this address shows its source, so the source is no guess, even if the connection is replaced.
  if (timeline.op === "replace")
    return after.source.isGuess === true && before.source.id !== undefined
      ? { ...resolved, after: { ...after, source: before.source } }
      : resolved;
  // An update that cannot become a replacement keeps the source organization, even if its name in the program changes.
  const { id = after.source.id, name = after.source.name } = mayBeReplaced ? after.source : before.source;
  // An update keeps the destination too. The preview of a single connection may not show the destination.
  const sink = getOrganizationKey(after.sink) === undefined ? before.sink : after.sink;
  const { isGuess } = mayBeReplaced ? after.source : before.source;
  return { ...resolved, after: { ...after, source: { ...after.source, id, name, isGuess }, sink } };
}

/** Whether a connection is to be created or adopted. */
const isCreatedOrAdopted = ({ current, declared, timeline }: ResolvedTransition): boolean =>
  declared !== undefined && (current === undefined || timeline.op === "replace");

/** Matches a declared pair with an existing connection: the transition adopts that connection or collides with it. */
function matchExisting(
  transition: ResolvedTransition,
  givenUp: PairIndex<ResolvedTransition>,
  directory: OrganizationDirectory,
  {
    confirmed,
    findNotice,
    findManagedElsewhere,
  }: {
    confirmed: PairIndex<CheckedAdoptions["confirmed"][number]>;
    findNotice: (after: SharedData) => AdoptionNotice | undefined;
    findManagedElsewhere: FindManagedElsewhere;
  },
): void {
  const { after, undeclared, timeline } = transition;
  if (!after) return;
  const { handingOver: formerOwner, ofSamePair } = findFormerOwners(transition, after, givenUp);
  const isOwn = isOwnTool(timeline.resource);
  const confirmedConnection = confirmed.listSame(after)[0]?.existing;
  // An exclusive set may have found an undeclared connection to this destination. If a replacement gives the set another source,
  // this connection has another pair, and is not the existing one.
  const found = undeclared && directory.resolveEnds(undeclared.shared);
  // Whether the replacement has the same pair. If so, the current connection of the resource is in the way.
  const replacesOwn = isSamePair(transition.before, after);
  // The transition that can hand its connection over to this transition. A replacement with the same pair can adopt its own
  // connection.
  const origin = formerOwner ?? (replacesOwn && !hasFormerHost(transition) ? transition : undefined);
  const current = (origin ?? ofSamePair)?.current;
  const existing =
    confirmedConnection ??
    (current?.id !== undefined ? toKnownConnection(current) : undefined) ??
    (found && isSamePair(found, after) ? toKnownConnection(undeclared) : undefined) ??
    directory.findConnection(after) ??
    findManagedElsewhere(timeline.resource, after);
  const isAdopting = isOwn && (transition.declared?.adopt === true || confirmedConnection !== undefined);
  const notice = findNotice(after);
  if (notice) transition.adoptionNotice = notice;
  if (isAdopting || (isOwn && notice))
    recordDeletions(transition, listDeletingOwners(transition, after, givenUp));
  // A replacement that deletes the current connection first has nothing to adopt or to collide with.
  if (!existing || (formerOwner === undefined && replacesOwn && timeline.deleteFirst !== false)) return;
  const mayInterrupt = formerOwner && mayDeleteFirst(formerOwner, transition) ? true : undefined;
  if (isAdopting) {
    transition.adopts = { ...existing, adoptedFrom: origin?.timeline.resource.name, mayInterrupt };
    if (origin) origin.isHandedOver = true;
  } else {
    const mayBeDeletedFirst =
      mayInterrupt === true ||
      (ofSamePair && isDeletedById(ofSamePair, transition) && mayDeleteFirst(ofSamePair, transition));
    // With DATADOG_ORG_CONNECTIONS_ADOPT, the create adopts the connection instead of failing. Then these types stop being shared.
    const removedTypes =
      isOwn && after.openTypes === undefined ? subtract(existing.connectionTypes, after.connectionTypes) : [];
    const areTypesUnknown =
      after.openTypes === "unknown" || (after.openTypes === undefined && existing.openTypes === "unknown");
    transition.collision = {
      connectionId: existing.id,
      removedTypes: removedTypes.length > 0 ? removedTypes : undefined,
      mayRemoveTypes: isOwn && areTypesUnknown ? true : undefined,
      resource: (origin ?? ofSamePair)?.timeline.resource.name,
      mayBeDeletedFirst: mayBeDeletedFirst ? true : undefined,
      mayBeUndeclared: transition.declared?.destinationsUnknown === true ? true : undefined,
    };
  }
}

/** Records which resources may delete the connection that another resource may adopt. */
function recordDeletions(adopting: ResolvedTransition, deleting: readonly ResolvedTransition[]): void {
  for (const other of deleting) {
    adopting.deletedBy.push(getFormerRef(other));
    other.adoptedBy.push(adopting.timeline.resource);
  }
}

/**
 * Whether the former owner may delete its connection before the new owner adopts it or creates another one for the pair.
 * - In one stack, the engine deletes resources last, with two exceptions. `deleteBeforeReplace` deletes early, and the update of a
 *   set deletes members early. In both cases, the new owner certainly comes first only if the former owner depends on the new
 *   owner.
 * - The operations of different stacks have no order.
 * - In a plan, the order is unknown. Terraform deletes and creates independent resources concurrently.
 */
function mayDeleteFirst(
  { timeline: formerOwner }: ResolvedTransition,
  { timeline: newOwner }: ResolvedTransition,
): boolean {
  const { location, tool } = newOwner.resource;
  if (tool === "terraform" || formerOwner.resource.location !== location) return true;
  const deletesEarly =
    (formerOwner.resource.form === "set" && formerOwner.op === "update") || formerOwner.deleteFirst === true;
  return deletesEarly && formerOwner.declared?.dependencies.includes(newOwner.resource.address) !== true;
}

/**
 * Creates a function that finds the first notice that may be about a connection: the notice has its destination and its source. If
 * the UUID of the source is unknown, every source matches, and a notice that is about no known pair comes first. A wrong match
 * is harmless, because a notice only adds to a change and hides nothing.
 */
function createNoticeFinder(
  adoptions: readonly AdoptionNotice[],
  created: readonly ResolvedTransition[],
): (after: SharedData) => AdoptionNotice | undefined {
  // A program can print many notices, so a transition must find its notice fast.
  const firstByKey = new Map<string, AdoptionNotice>();
  const formatKey = (sink: string, source?: string) => JSON.stringify([sink, source]);
  const knownPairs = new Set(created.map(({ after }) => formatKey(after?.sink.id ?? "", after?.source.id)));
  const isOfKnownPair = ({ sinkOrgId = "", sourceOrgId }: AdoptionNotice) =>
    knownPairs.has(formatKey(sinkOrgId.toLowerCase(), sourceOrgId?.toLowerCase()));
  const sorted = [...adoptions.filter((one) => !isOfKnownPair(one)), ...adoptions.filter(isOfKnownPair)];
  for (const adoption of sorted) {
    const [sink, source] = [adoption.sinkOrgId?.toLowerCase(), adoption.sourceOrgId?.toLowerCase()];
    if (sink === undefined) continue;
    for (const key of [formatKey(sink), formatKey(sink, source)])
      if (!firstByKey.has(key)) firstByKey.set(key, adoption);
  }
  return ({ source, sink }) =>
    sink.id === undefined ? undefined : firstByKey.get(formatKey(sink.id, source.id));
}

/** Finds the connection of a pair if another resource manages it and cannot hand it over to `resource` ({@link canHandOver}). */
type FindManagedElsewhere = (resource: ResourceRef, pair: Pair) => KnownConnection | undefined;

/** Creates a {@link FindManagedElsewhere} that searches these resources, by the UUIDs of both ends. */
export function createElsewhereFinder(
  resources: readonly StateResource[],
  directory: OrganizationDirectory,
): FindManagedElsewhere {
  const byPair = new Map<string, { resource: ResourceRef; known: KnownConnection }[]>();
  for (const one of resources) {
    for (const connection of readResourceConnections(one).connections) {
      const { source, sink } = directory.resolveEnds(connection.shared);
      if (connection.isUndeclared || source.id === undefined || sink.id === undefined) continue;
      const key = formatPairKey(source.id, sink.id);
      byPair.set(key, [
        ...(byPair.get(key) ?? []),
        { resource: one.resource, known: toKnownConnection(connection) },
      ]);
    }
  }
  return (resource, { source, sink }) =>
    source.id === undefined || sink.id === undefined
      ? undefined
      : byPair
          .get(formatPairKey(source.id, sink.id))
          ?.find((one) => !isSameResource(one.resource, resource) && !canHandOver(one.resource, resource))
          ?.known;
}

const formatPairKey = (source: string, sink: string): string => `${source} ${sink}`;
