import { isOwnTool } from "../stack/resources.js";
import type { ConnectionTransition } from "./connection-transitions.js";
import { toKnownConnection, type OrganizationDirectory } from "./organization-directory.js";
import type { AdoptionNotice, CheckedAdoptions } from "./adoption-notices.js";
import { findFormerOwners, getFormerRef, isGivenUp, hasFormerTool } from "./former-owners.js";
import type { FindManagedElsewhere, ResolvedTransition } from "./resolved-transition.js";
import { subtract, getOrganizationKey, isSamePair, UNKNOWN_TYPES, type SharedData } from "./shared-data.js";

/**
 * Resolves the transitions of all resources together, because one resource can create or adopt the connection that another one gives
 * up.
 *
 * @param adoptions - the adoptions that the preview reports
 * @param findManagedElsewhere - finds the connections that other resources manage and cannot hand over
 */
export function resolveTransitions(
  transitions: readonly ConnectionTransition[],
  directory: OrganizationDirectory,
  adoptions: CheckedAdoptions,
  findManagedElsewhere: FindManagedElsewhere = () => undefined,
): ResolvedTransition[] {
  const all = transitions.map((transition) => resolveEnds(transition, directory));
  const givenUp = all.filter(isGivenUp);
  const created = all.filter(isCreatedOrAdopted);
  // A confirmed adoption matches no resource if the UUID of the resource's source is unknown. Then it counts as unconfirmed.
  const unassigned = adoptions.confirmed.filter(
    ({ pair }) => !created.some(({ after }) => isSamePair(after, pair)),
  );
  const unconfirmed = groupBySink([...adoptions.unconfirmed, ...unassigned.map(({ notice }) => notice)]);
  for (const transition of created) {
    matchExisting(transition, givenUp, directory, {
      confirmed: adoptions.confirmed,
      unconfirmed,
      findManagedElsewhere,
    });
  }
  return all;
}

function resolveEnds(transition: ConnectionTransition, directory: OrganizationDirectory): ResolvedTransition {
  const { current, declared, timeline } = transition;
  const before = current && directory.resolveEnds(current.shared);
  // The `up` replaces the connection if the source leads to another organization. The preview cannot know that.
  const mayBeReplaced =
    before !== undefined && timeline.op === "update" && declared?.isSourceNotYetKnown === true;
  const after =
    declared &&
    directory.resolveEnds(mayBeReplaced ? { ...declared.shared, ...UNKNOWN_TYPES } : declared.shared);
  const resolved = { ...transition, isHandedOver: false, deletedBy: [], adoptedBy: [], before, after };
  if (!before || !after || timeline.op === "replace") return resolved;
  // An update keeps the source organization, even under another name.
  const { id = after.source.id, name = after.source.name } = mayBeReplaced ? after.source : before.source;
  // It also keeps the destination of a single connection, if the preview does not show it.
  const sink = getOrganizationKey(after.sink) === undefined ? before.sink : after.sink;
  return { ...resolved, after: { ...after, source: { ...after.source, id, name }, sink } };
}

/** Whether a connection is to be created or adopted. */
const isCreatedOrAdopted = ({ current, declared, timeline }: ResolvedTransition): boolean =>
  declared !== undefined && (current === undefined || timeline.op === "replace");

/** Matches a declared pair with an existing connection: the transition adopts that connection or collides with it. */
function matchExisting(
  transition: ResolvedTransition,
  givenUp: readonly ResolvedTransition[],
  directory: OrganizationDirectory,
  {
    confirmed,
    unconfirmed,
    findManagedElsewhere,
  }: Pick<CheckedAdoptions, "confirmed"> & {
    unconfirmed: ReadonlyMap<string, AdoptionNotice[]>;
    findManagedElsewhere: FindManagedElsewhere;
  },
): void {
  const { after, undeclared, timeline } = transition;
  if (!after) return;
  const { handingOver: formerOwner, deleting, ofSamePair } = findFormerOwners(transition, givenUp);
  const isOwn = isOwnTool(timeline.resource);
  const confirmedConnection = confirmed.find(({ pair }) => isSamePair(after, pair))?.existing;
  // The set found this undeclared connection. If the set is replaced, the new one may belong to another organization.
  const found = undeclared && directory.resolveEnds(undeclared.shared);
  // The resource is replaced by one with the same pair, so its own connection is in the way.
  const replacesOwn = isSamePair(transition.before, after);
  const origin = formerOwner ?? (replacesOwn && !hasFormerTool(transition) ? transition : undefined);
  const current = (origin ?? ofSamePair)?.current;
  const existing =
    confirmedConnection ??
    (current?.id !== undefined ? toKnownConnection(current) : undefined) ??
    (found && isSamePair(found, after) ? toKnownConnection(undeclared) : undefined) ??
    directory.findConnection(after) ??
    findManagedElsewhere(timeline.resource, after);
  const isAdopting = isOwn && (transition.declared?.adopt === true || confirmedConnection !== undefined);
  const notice = unconfirmed.get(after.sink.id ?? "")?.find((adoption) => mayBeFromSource(adoption, after));
  if (notice) transition.adoptionNotice = notice;
  if (isAdopting || (isOwn && notice)) recordDeletions(transition, deleting);
  // A replacement that deletes its own connection first has nothing to adopt.
  if (!existing || (formerOwner === undefined && replacesOwn && timeline.deleteFirst !== false)) return;
  const mayInterrupt = formerOwner && mayDeleteFirst(formerOwner, transition) ? true : undefined;
  if (isAdopting) {
    transition.adopts = { ...existing, adoptedFrom: origin?.timeline.resource.name, mayInterrupt };
    if (origin) origin.isHandedOver = true;
  } else {
    const isDeletedFirst = deleting.some(
      (other) => other === ofSamePair && mayDeleteFirst(other, transition),
    );
    // With DATADOG_ORG_CONNECTIONS_ADOPT, the create does not fail but adopts the connection, and these types stop being shared.
    const removedTypes =
      isOwn && after.openTypes === undefined ? subtract(existing.connectionTypes, after.connectionTypes) : [];
    const areTypesUnknown =
      after.openTypes === "unknown" || (after.openTypes === undefined && existing.openTypes === "unknown");
    transition.collision = {
      connectionId: existing.id,
      removedTypes: removedTypes.length > 0 ? removedTypes : undefined,
      mayRemoveTypes: isOwn && areTypesUnknown ? true : undefined,
      resource: (origin ?? ofSamePair)?.timeline.resource.name,
      mayBeDeletedFirst: mayInterrupt ?? (isDeletedFirst ? true : undefined),
    };
  }
}

/** Records that each of these resources deletes the connection that this one adopts, or may do so. */
function recordDeletions(adopting: ResolvedTransition, deleting: readonly ResolvedTransition[]): void {
  for (const other of deleting) {
    adopting.deletedBy.push(getFormerRef(other));
    other.adoptedBy.push(adopting.timeline.resource);
  }
}

/**
 * Whether a resource may delete its connection before another resource has adopted it or tried to create it. In a stack, the engine
 * deletes whole resources last. But a set deletes members during its own update, and `deleteBeforeReplace` deletes early too.
 * Then the adoption comes first only if the former owner depends on the new one. Nothing orders different stacks, or a plan:
 * Terraform deletes and creates resources that do not depend on each other at the same time.
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

/** Whether a notice may be about this source. If the source of the change is unknown, any notice may be: a notice never hides a change. */
const mayBeFromSource = ({ sourceOrgId }: AdoptionNotice, { source }: SharedData): boolean =>
  source.id === undefined || source.id === sourceOrgId?.toLowerCase();

/** Groups the notices, because a program can print many of them. */
function groupBySink(adoptions: readonly AdoptionNotice[]): Map<string, AdoptionNotice[]> {
  const bySink = new Map<string, AdoptionNotice[]>();
  for (const adoption of adoptions) {
    const sink = adoption.sinkOrgId?.toLowerCase();
    if (sink === undefined) continue;
    const group = bySink.get(sink);
    if (group) group.push(adoption);
    else bySink.set(sink, [adoption]);
  }
  return bySink;
}
