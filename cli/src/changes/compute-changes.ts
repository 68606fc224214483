import { getResourceKey, isOwnTool, isPlugin } from "../stack/resources.js";
import { buildChanges } from "./build-changes.js";
import { changeKinds, toChangedResource, type ComputedChange } from "./change.js";
import { listTransitions } from "./connection-transitions.js";
import { canHandOver } from "./former-owners.js";
import { readResourceConnections } from "./resource-connections.js";
import { addConfiguration, OrganizationDirectory, addResource } from "./organization-directory.js";
import { buildTimelines, createMovedFinder, type ResourceTimeline } from "./resource-timeline.js";
import { confirmAdoptions, readNotices, formatUnconfirmedAdoptions } from "./adoption-notices.js";
import { addOwners, type MultiOwnerConnection } from "./connection-owners.js";
import { findFacts, type Change } from "./facts.js";
import { formatPair, toPlainText } from "./rich-text.js";
import { createElsewhereFinder, resolveTransitions } from "./resolve-transitions.js";
import { joinPreviews } from "./join-previews.js";
import type { SharedData } from "./shared-data.js";
import { listUnknowns, type Unknown } from "./unknowns.js";
import type { ProviderFacts, Preview, PreviewStep } from "../stack/step.js";
import { listStackProviders, markStackProvider, type StateLocations } from "../stack/pulumi-state.js";
import type { ResourceState, StateResource } from "../stack/resource-state.js";
import { findUnchanged, type UnreadableUnchangedResource } from "./unchanged-connections.js";

/** The changes of previews and plans, and what stays unchanged. */
export interface Changes {
  /** By severity, deletions first. */
  changes: Change[];
  /** What is shared by unchanged connections and by connections that the provider retains (`retainedBy`). */
  unchanged: SharedData[];
  /** Connections that more than one resource manages. */
  multiOwnerConnections: MultiOwnerConnection[];
  /** Unchanged resources whose connections cannot all be read. */
  unreadable: UnreadableUnchangedResource[];
  /** Whether it is known what stays unchanged: each preview shows its unchanged resources, or its state is known. */
  isUnchangedKnown: boolean;
  /** Whether `unchanged` is complete: `isUnchangedKnown`, and nothing is `unreadable`. */
  complete: boolean;
  /**
   * The connections that a notice in the preview reports as gone, if no lookup confirms or refutes the notice. They stay in
   * `unchanged`, because any program can print such a notice.
   */
  reportedGone: SharedData[];
  /** What the previews do not show, although it matters for the reviewed operation. */
  unknowns: Unknown[];
  /** What the reader should know about the previews. */
  notes: string[];
  /** The given directory, or a new one, with the facts from the previews and the states. */
  directory: OrganizationDirectory;
}

/**
 * Computes what previews and plans together would do to each connection, and what stays unchanged.
 *
 * @param stateResources - the resources in states, for what a preview may not show, such as names and unchanged connections
 * @param directory - other facts, for example from a lookup. The facts from the previews and the states are added to this directory
 * @param stateLocations - the stacks of all states, even of a state without connections. By default, the stacks of `stateResources`
 * @param stateProviders - the provider resources in the states
 */
export function computeChanges(
  previews: readonly Preview[],
  stateResources?: readonly StateResource[],
  directory: OrganizationDirectory = new OrganizationDirectory(),
  stateLocations?: StateLocations,
  stateProviders: readonly ProviderFacts[] = [],
): Changes {
  for (const { config, location } of previews) addConfiguration(directory, (key) => config[key], location);
  const joined = joinPreviews(previews, stateResources, stateLocations);
  const steps = markStackProviders(joined.steps, stateProviders);
  const shown = buildTimelines(steps);
  const state = joined.state && applyRenames(joined.state, steps);
  const pendingKeys = new Set(
    (state ?? []).flatMap((one) => (one.state.pendingReplacement ? [getResourceKey(one.resource)] : [])),
  );
  const timelines = shown.map((timeline) => ({
    ...timeline,
    isReplacementPending: timeline.isReplacementPending || pendingKeys.has(getResourceKey(timeline.resource)),
  }));
  // A program could give any organization any name, so the declared side of a step is left out. The import of a dynamic resource is
  // left out too, because its old side repeats the values of the import file or the program.
  const knownResources = [
    ...timelines.filter((timeline) => !isUnverifiedImport(timeline)).flatMap(listStates),
    ...(state ?? []),
  ];
  for (const resource of knownResources) addResource(directory, resource);
  for (const facts of [...stateProviders, ...previews.flatMap(({ providers = [] }) => providers)])
    directory.addProviderFacts(facts);
  for (const { changedProviders = [], location } of previews) {
    for (const provider of changedProviders) directory.markProviderUnknown(provider, location);
  }
  const notices = readNotices(joined.diagnostics);
  // Omits connections that an interrupted replacement has already deleted, because they no longer exist.
  const liveState = (state ?? []).filter((one) => !one.state.pendingReplacement);
  const liveResources = [
    ...timelines.flatMap((timeline) => (timeline.isReplacementPending ? [] : listStates(timeline))),
    ...liveState,
  ];
  const connections = liveResources.flatMap((resource) => readResourceConnections(resource).connections);
  const adoptions = confirmAdoptions(notices.adoptions, connections, directory);
  const transitions = timelines.flatMap(listTransitions);
  const resolved = resolveTransitions(
    transitions,
    directory,
    adoptions,
    createElsewhereFinder(liveResources, directory),
  );
  const built = resolved.flatMap((transition) => buildChanges(transition, directory));
  const leftovers = new Set(state?.filter(createLeftoverFilter(previews)));
  const adopting = new Map(
    built.flatMap((change) =>
      change.kind === "adopt" ? [[change.connectionId?.toLowerCase(), change]] : [],
    ),
  );
  // Leftovers are deleted last. A process retains what it has adopted in the same operation.
  const isAdopted = (leftover: ComputedChange) => {
    const id = leftover.connectionId?.toLowerCase();
    const adopter = id === undefined ? undefined : adopting.get(id);
    return adopter !== undefined && canHandOver(leftover, adopter);
  };
  const allLeftovers = buildLeftoverChanges(timelines, [...leftovers], directory);
  const adoptedLeftovers = allLeftovers.filter(isAdopted);
  const all = [...allLeftovers.filter((one) => !isAdopted(one)), ...built];
  const { changes: computed, multiOwnerConnections } = addOwners(
    sortChanges(all),
    {
      timelines,
      state: liveState,
      handedOver: resolved.filter(({ isHandedOver }) => isHandedOver),
      adoptedLeftovers,
    },
    directory,
  );
  const changes = computed.map((change): Change => ({ ...change, ...findFacts(change) }));
  // A failed preview is incomplete, so all notes about connections that are or may be gone are left out.
  const hasFailed = joined.diagnostics.some(({ severity }) => severity === "error");
  const { isUnchangedKnown } = joined;
  const { unchanged, reportedGone, unreadable, notes } = findUnchanged(
    {
      changes,
      transitions,
      timelines,
      state: (state ?? []).filter((one) => !leftovers.has(one)),
      gone: notices.gone,
    },
    directory,
  );
  return {
    changes,
    unchanged,
    unreadable,
    multiOwnerConnections,
    isUnchangedKnown,
    complete: isUnchangedKnown && unreadable.length === 0,
    reportedGone,
    unknowns: listUnknowns(previews, joined, changes),
    notes: [
      ...previews.flatMap((preview) => preview.notes),
      ...notices.notes,
      ...formatUnconfirmedAdoptions(adoptions.unconfirmed, directory.hasLookup),
      ...(hasFailed ? [] : notes),
    ],
    directory,
  };
}

/** Replaces the `ResourceRef` of a renamed resource (`aliases` or a `moved` block) with the `ResourceRef` in the preview. */
function applyRenames(state: readonly StateResource[], steps: readonly PreviewStep[]): StateResource[] {
  const findMoved = createMovedFinder(steps);
  return state.map((one) => ({ ...one, resource: findMoved(one) ?? one.resource }));
}

/** Marks the resources in steps whose providers are the stack's, according to the states. */
function markStackProviders(
  steps: readonly PreviewStep[],
  stateProviders: readonly ProviderFacts[],
): PreviewStep[] {
  const stackProviders = listStackProviders(stateProviders);
  const mark = (state: ResourceState | undefined) => state && markStackProvider(state, stackProviders);
  return steps.map((step) => ({ ...step, old: mark(step.old), new: mark(step.new) }));
}

/** Lists the states of a resource before the program's own step. */
const listStates = ({ resource, refreshedState, priorState }: ResourceTimeline): StateResource[] =>
  [refreshedState, priorState].flatMap((state) => (state ? [{ resource, state }] : []));

/** Whether the resource is imported with values that no provider has read from Datadog. */
const isUnverifiedImport = ({ isImport, resource }: ResourceTimeline): boolean =>
  isImport && isOwnTool(resource) && !isPlugin(resource);

const COLLATOR = new Intl.Collator("en", { numeric: true });

/** Sorts by severity, then by pair and resource, because the engine's order differs from run to run. */
function sortChanges(changes: readonly ComputedChange[]): ComputedChange[] {
  const format = ({ before, after, resource }: ComputedChange) =>
    [before ?? after, after].map((one) => (one ? toPlainText(formatPair(one)) : "")).join(" ") +
    ` ${resource}`;
  return changes
    .map((change) => ({ change, severity: changeKinds.indexOf(change.kind), text: format(change) }))
    .toSorted((a, b) => a.severity - b.severity || COLLATOR.compare(a.text, b.text))
    .map(({ change }) => change);
}

/**
 * Creates a predicate for the leftovers of interrupted replacements in the locations of these previews. In other locations, the
 * reviewed operations delete nothing. A Pulumi preview without steps does not name its stack, so the states of all given stacks
 * count.
 */
const createLeftoverFilter = (previews: readonly Preview[]): ((one: StateResource) => boolean) => {
  const locations = new Set(previews.map(({ location }) => location));
  const isAnyStack = previews.some(({ kind, stack }) => kind === "preview" && stack === undefined);
  return ({ resource, state }) =>
    state.delete && (locations.has(resource.location) || (isAnyStack && resource.tool !== "terraform"));
};

/**
 * Builds the changes of the connections that interrupted replacements left behind. The reviewed operation deletes them, or only
 * removes them from the state (`retainOnDelete`, or `destroy = false`).
 *
 * @param leftovers - the leftovers that the states show
 */
function buildLeftoverChanges(
  timelines: readonly ResourceTimeline[],
  leftovers: readonly StateResource[],
  directory: OrganizationDirectory,
): ComputedChange[] {
  const shown = timelines.flatMap((timeline) => timeline.leftovers);
  // Leftovers in the previews come last, so they take precedence below. Only a plan shows that Terraform releases a connection.
  const all = [...leftovers, ...shown];
  const changes = all.flatMap(({ resource, state: leftover }) => {
    const { connections, unreadable } = readResourceConnections({ resource, state: leftover });
    const isRetained = leftover.retainOnDelete;
    // The deletion of an exclusive set deletes its members, and no other connection.
    const members = connections.filter(({ isUndeclared }) => !isUndeclared);
    return [...members, ...(unreadable ? [unreadable.rest] : [])].map((connection): ComputedChange => {
      const before = directory.resolveEnds(connection.shared);
      const rest = {
        connectionId: connection.id,
        createdAt: connection.createdAt,
        createdBy: directory.resolveCreator({ id: connection.createdBy }),
        protect: leftover.protect,
        adopt: false,
        because: "leftover" as const,
        isUnreadable: connection.isUnreadable,
        stateChanges: [],
      };
      const changed = toChangedResource(resource);
      return isRetained
        ? { kind: "release", ...changed, before, after: before, addedTypes: [], removedTypes: [], ...rest }
        : {
            kind: "delete",
            ...changed,
            before,
            addedTypes: [],
            removedTypes: before.connectionTypes,
            ...rest,
          };
    });
  });
  // A connection can be in a state and in a preview. The later entry takes precedence.
  return [
    ...new Map(changes.map((change) => [change.connectionId ?? getResourceKey(change), change])).values(),
  ];
}
