import { getKnownValue } from "../stack/resource-state.js";
import { isConfiguredByStack } from "../stack/managed.js";
import { isOwnTool, selectOnePerResource } from "../stack/resources.js";
import {
  toChangedResource,
  type ChangedResource,
  type CommonChange,
  type ComputedChange,
  type GivenUp,
  type New,
} from "./change.js";
import type { ResourceConnection, UnreadableConnections } from "./resource-connections.js";
import { getFormerRef, hasFormerHost, isRetained } from "./former-owners.js";
import { findImportById } from "./resource-timeline.js";
import type { OrganizationDirectory } from "./organization-directory.js";
import type { ResolvedTransition } from "./connection-transitions.js";
import { compareTypes, isSamePair, subtract, type SharedData } from "./shared-data.js";
import { listStateChanges } from "./declared-connections.js";

/**
 * Builds the changes of one transition. An unchanged connection has none. A replacement that retains the old connection or adopts
 * an existing one has two. The deletion or release of a connection that is handed over ({@link ResolvedTransition.isHandedOver})
 * is left out.
 */
export function buildChanges(
  transition: ResolvedTransition,
  directory: OrganizationDirectory,
): ComputedChange[] {
  const { current, declared, timeline, adopts, isHandedOver, before, after } = transition;
  if (current && before && (!declared || !after))
    return isHandedOver ? [] : [buildDelete(transition, current, before, directory)];
  if (!declared || !after) return [];
  if (timeline.isImport && timeline.op !== "replace" && current && before)
    return [buildImport(transition, current, before, after, directory)];
  if (!current || !before)
    return [
      adopts ? buildAdopt(transition, adopts, after, directory) : buildCreate(transition, after, directory),
    ];
  if (timeline.op !== "replace") return buildUpdate(transition, current, before, after, directory);
  const created = adopts
    ? buildAdopt(transition, adopts, after, directory)
    : buildCreate(transition, after, directory);
  if (isHandedOver) return [created];
  // A change of the kind `replace` deletes one connection and creates another. Otherwise, there are two changes.
  if (adopts || isRetained(timeline)) return [buildDelete(transition, current, before, directory), created];
  return [buildReplace(transition, current, before, after, directory)];
}

type CommonFields = ChangedResource &
  Pick<CommonChange, "protect" | "adopt" | "reason" | "destinationsUnknown" | "stateChanges">;

/** Builds {@link Change.formerOwner}, {@link Change.otherOwners} and {@link Change.mayBeRecreated}. */
function buildOwnerFields(
  transition: ResolvedTransition,
): Pick<GivenUp, "formerOwner" | "otherOwners" | "mayBeRecreated"> {
  const { adoptedBy, timeline } = transition;
  const owners = selectOnePerResource(adoptedBy);
  return {
    formerOwner: hasFormerHost(transition) ? getFormerRef(transition) : undefined,
    otherOwners: owners.length > 0 ? owners : undefined,
    mayBeRecreated: adoptedBy.length > 0 && timeline.deleteFirst === true ? true : undefined,
  };
}

/** Builds {@link Change.deletedBy}. */
const buildDeleterFields = ({ deletedBy }: ResolvedTransition): Pick<New, "deletedBy"> => ({
  deletedBy: deletedBy.length > 0 ? deletedBy : undefined,
});

/** @param isDeclared - false for a change that only deletes or releases, even if the program declares another connection */
function buildCommonFields(transition: ResolvedTransition, isDeclared = true): CommonFields {
  const { timeline, declared } = transition;
  const shown = isDeclared ? declared : undefined;
  return {
    ...toChangedResource(timeline.resource),
    protect: shown ? shown.protect : (timeline.refreshedState?.protect ?? false),
    adopt: shown?.adopt ?? false,
    reason: shown ? shown.reason : getKnownValue(timeline.refreshedState?.inputs.reason),
    destinationsUnknown: shown?.destinationsUnknown === true ? true : undefined,
    stateChanges: [],
  };
}

/** Returns what is known about the existing connection. */
const getExistingFields = (
  { id, createdAt, createdBy }: ResourceConnection | UnreadableConnections,
  directory: OrganizationDirectory,
): Pick<CommonChange, "connectionId" | "createdAt" | "createdBy"> => ({
  connectionId: id,
  createdAt,
  createdBy: directory.resolveCreator({ id: createdBy }),
});

/** Builds {@link Change.adoptionNotice}. */
function buildAdoptionNotice(
  { adoptionNotice }: ResolvedTransition,
  after: SharedData,
): ComputedChange["adoptionNotice"] {
  if (!adoptionNotice) return undefined;
  const connectionTypes = adoptionNotice.connectionTypes.toSorted();
  const removedTypes = after.openTypes === undefined ? subtract(connectionTypes, after.connectionTypes) : [];
  return { connectionId: adoptionNotice.connectionId, connectionTypes, removedTypes };
}

function buildCreate(
  transition: ResolvedTransition,
  after: SharedData,
  directory: OrganizationDirectory,
): ComputedChange {
  const { current, prior, collision } = transition;
  // The refresh found the connection gone, and the program declares the same pair.
  const isGone = !current && prior !== undefined && isSamePair(directory.resolveEnds(prior.shared), after);
  const start = { ...buildCommonFields(transition), ...buildDeleterFields(transition) };
  const types = { addedTypes: after.connectionTypes, removedTypes: [] };
  const risks = {
    collision,
    isAdoptionUnchecked: isPairUnchecked(transition, after, directory) ? (true as const) : undefined,
    adoptionNotice: buildAdoptionNotice(transition, after),
  };
  return isGone
    ? { ...start, kind: "drift", after, ...types, drift: { gone: true, added: [], removed: [] }, ...risks }
    : { ...start, kind: "create", after, ...types, ...risks };
}

/**
 * Whether a resource with `adopt` may adopt a connection that neither the preview nor a lookup shows. This is possible if no lookup
 * has read the pair, and the setting `checks` disables or may disable the preview checks. If the resource has an explicit provider
 * of the plugin, that provider's setting applies. Otherwise, the stack's setting applies. If neither the preview nor a state shows
 * the explicit provider, its resources count as unchecked, unless the preview shows the source, which only the checks determine.
 */
const isPairUnchecked = (
  { declared, timeline: { resource, declared: state } }: ResolvedTransition,
  after: SharedData,
  directory: OrganizationDirectory,
): boolean =>
  declared?.adopt === true &&
  state !== undefined &&
  isOwnTool(resource) &&
  (isConfiguredByStack(state) || state.outputs.sourceOrgId === undefined) &&
  directory.isUnchecked(after, resource.location, isConfiguredByStack(state) ? undefined : state.provider);

function buildAdopt(
  transition: ResolvedTransition,
  adopted: NonNullable<ResolvedTransition["adopts"]>,
  after: SharedData,
  directory: OrganizationDirectory,
): ComputedChange {
  const before: SharedData = {
    ...after,
    connectionTypes: adopted.connectionTypes.toSorted(),
    openTypes: adopted.openTypes,
  };
  // If the connection is deleted before it is adopted, another one is created. Datadog then chooses the unspecified types.
  const isCertain = adopted.mayInterrupt !== true && transition.deletedBy.length === 0;
  return {
    ...buildCommonFields(transition),
    ...buildDeleterFields(transition),
    kind: "adopt",
    before,
    after: resolveTypes(before, after),
    ...compareTypes(before, after),
    areTypesConfirmed:
      isCertain && hasConfirmedTypes(adopted.id, before, after, directory) ? true : undefined,
    connectionId: adopted.id,
    createdAt: adopted.createdAt,
    createdBy: adopted.createdBy && directory.resolveCreator(adopted.createdBy),
    adoptedFrom: adopted.adoptedFrom,
    mayInterrupt: adopted.mayInterrupt,
  };
}

function buildDelete(
  transition: ResolvedTransition,
  current: ResourceConnection | UnreadableConnections,
  before: SharedData,
  directory: OrganizationDirectory,
): ComputedChange {
  const isReleased = isRetained(transition.timeline);
  const { stateChanges, ...common } = buildCommonFields(transition, false);
  // With `declared`, the change is about one connection, not about all connections of the resource.
  const isUnreadable = current.isUnreadable === true && !transition.declared ? (true as const) : undefined;
  const start = { ...common, isUnreadable, stateChanges, ...buildOwnerFields(transition) };
  const rest = {
    ...getExistingFields(current, directory),
    because: getCause(transition, current, isReleased),
  };
  if (isReleased)
    return { ...start, kind: "release", before, after: before, addedTypes: [], removedTypes: [], ...rest };
  const types = { addedTypes: [], removedTypes: before.connectionTypes };
  const { op } = transition.timeline;
  // It is unknown which connections the operation deletes.
  if (isUnreadable && (op === "update" || op === "replace"))
    return { ...start, isUnreadable, kind: op, before, ...types, ...rest };
  return { ...start, kind: "delete", before, ...types, ...rest };
}

function getCause(
  { timeline: { becomesReference, becomesOtherType, resource, refreshedState } }: ResolvedTransition,
  { isUndeclared }: ResourceConnection | UnreadableConnections,
  isReleased: boolean,
): ComputedChange["because"] {
  if (isUndeclared) return "exclusive";
  if (becomesOtherType) return "type";
  // If a resource becomes an `OrgConnection.get` of its own connection, the connection is released. If it becomes one of another
  // connection, the old connection is deleted, unless `retainOnDelete` or `deletedWith` releases it.
  if (becomesReference === "own" || (becomesReference === "other" && !isReleased)) return "reference";
  if (isReleased && refreshedState?.isDeletedWith) return "deletedWith";
  return isReleased && resource.tool === "terraform" ? "forget" : undefined;
}

/** Builds the change of an import step: the connection is adopted, and its types may change. */
function buildImport(
  transition: ResolvedTransition,
  current: ResourceConnection | UnreadableConnections,
  before: SharedData,
  after: SharedData,
  directory: OrganizationDirectory,
): ComputedChange {
  return {
    ...buildCommonFields(transition),
    kind: "adopt",
    before,
    after: resolveTypes(before, after),
    ...compareTypes(before, after),
    ...getExistingFields(current, directory),
    importedById: findImportById(transition.timeline),
  };
}

function buildReplace(
  transition: ResolvedTransition,
  current: ResourceConnection | UnreadableConnections,
  before: SharedData,
  after: SharedData,
  directory: OrganizationDirectory,
): ComputedChange {
  const isSame = isSamePair(before, after);
  // Datadog chooses the unspecified types of a new connection. The types of the old connection do not matter.
  const difference = isSame && after.openTypes !== "unspecified" ? compareTypes(before, after) : undefined;
  return {
    ...buildCommonFields(transition),
    ...buildOwnerFields(transition),
    ...buildDeleterFields(transition),
    kind: "replace",
    before,
    after,
    // With a `difference`, types that both connections share do not count as added or removed.
    addedTypes: difference?.addedTypes ?? after.connectionTypes,
    removedTypes: difference?.removedTypes ?? before.connectionTypes,
    ...getExistingFields(current, directory),
    importedById: findImportById(transition.timeline),
    gap: isSame ? true : undefined,
    deleteFirst: transition.timeline.deleteFirst,
    collision: transition.collision,
    isAdoptionUnchecked: !isSame && isPairUnchecked(transition, after, directory) ? true : undefined,
    adoptionNotice: buildAdoptionNotice(transition, after),
  };
}

function buildUpdate(
  transition: ResolvedTransition,
  current: ResourceConnection | UnreadableConnections,
  before: SharedData,
  after: SharedData,
  directory: OrganizationDirectory,
): ComputedChange[] {
  const { addedTypes, removedTypes } = compareTypes(before, after);
  const stateChanges = listStateChanges(transition.timeline, current);
  const drift = findDrift(transition, current);
  // An unchanged resource may have unknown types too, but they do not change.
  const typesUnknown =
    transition.timeline.op !== "same" && (after.openTypes === "unknown" || before.openTypes === "unknown");
  if (addedTypes.length + removedTypes.length === 0 && !typesUnknown) {
    if (stateChanges.length === 0) return [];
    return [
      {
        ...buildCommonFields(transition),
        kind: "state-only",
        before,
        after: resolveTypes(before, after),
        addedTypes,
        removedTypes,
        areTypesConfirmed: hasConfirmedTypes(current.id, before, after, directory) ? true : undefined,
        ...getExistingFields(current, directory),
        stateChanges,
      },
    ];
  }
  const revertsDrift = drift !== undefined && !typesUnknown && hasSameTypes(transition.prior?.shared, after);
  return [
    {
      ...buildCommonFields(transition),
      kind: revertsDrift ? "drift" : "update",
      before,
      after,
      addedTypes,
      removedTypes,
      ...getExistingFields(current, directory),
      importedById: findImportById(transition.timeline),
      drift,
      stateChanges,
    },
  ];
}

/** Finds the types that changed outside the program. Returns undefined if there are none, or if not all types are known. */
function findDrift(
  { prior }: ResolvedTransition,
  current: ResourceConnection | UnreadableConnections,
): ComputedChange["drift"] {
  if (!prior || prior.shared.openTypes !== undefined || current.shared.openTypes !== undefined)
    return undefined;
  const [liveTypes, stateTypes] = [current.shared.connectionTypes, prior.shared.connectionTypes];
  const drift = {
    gone: false,
    added: subtract(liveTypes, stateTypes),
    removed: subtract(stateTypes, liveTypes),
  };
  return drift.added.length + drift.removed.length === 0 ? undefined : drift;
}

/** Fills in unspecified types: the connection keeps the types that it had before the change. */
function resolveTypes(before: SharedData, after: SharedData): SharedData {
  if (after.openTypes !== "unspecified") return after;
  return { ...after, connectionTypes: before.connectionTypes };
}

/** Whether the types are unspecified, and a lookup confirms the current types. Types in a state may be outdated. */
function hasConfirmedTypes(
  id: string | undefined,
  before: SharedData,
  after: SharedData,
  directory: OrganizationDirectory,
): boolean {
  const live = directory.findConnection(before);
  return (
    after.openTypes === "unspecified" &&
    before.openTypes === undefined &&
    live !== undefined &&
    live.id.toLowerCase() === id?.toLowerCase() &&
    live.connectionTypes.toSorted().join() === before.connectionTypes.join()
  );
}

const hasSameTypes = (a: SharedData | undefined, b: SharedData): boolean =>
  a?.connectionTypes.join() === b.connectionTypes.join();
