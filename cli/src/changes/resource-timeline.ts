import type { ResourceState, StateResource } from "../stack/resource-state.js";
import { getResourceKey, type ResourceRef } from "../stack/resources.js";
import type { PreviewStep } from "../stack/step.js";
import type { ComputedChange } from "./change.js";

/** What all steps of a preview or plan show about one resource. */
export interface ResourceTimeline {
  /** With the provider that the program's own step shows (see `op`). The refresh and the old resource may have another provider. */
  resource: ResourceRef;
  /** Its address in the state, if it was renamed or moved. */
  formerAddress?: string | undefined;
  /**
   * The operation of the program's own step: the step that does not belong to the refresh and does not delete a leftover. Left out
   * without such a step, for example if only the refresh shows the resource.
   */
  op?: "create" | "update" | "replace" | "delete" | "same";
  /** The state when the preview begins. */
  priorState?: ResourceState | undefined;
  /**
   * The state when the program's own step begins. Without such a step, the state that the refresh found. If that state is not
   * shown, or if the resource is gone, the state before the refresh.
   */
  refreshedState?: ResourceState | undefined;
  /** What the program declares. */
  declared?: ResourceState | undefined;
  /** Whether the resource becomes a reference (`OrgConnection.get`) to its own or to another connection. Then `op` is `delete`. */
  becomesReference?: "own" | "other" | undefined;
  /** Whether the resource becomes one of a type that manages no connection. Then `op` is `delete`. */
  becomesOtherType?: boolean;
  /** The resource imports an existing connection (`refreshedState`) by its ID. A plan may also replace that connection (`op`). */
  isImport: boolean;
  /** If `op` is `replace`, whether the old connection is deleted first. */
  deleteFirst?: boolean | undefined;
  /** According to the engine's events or the plan, the refresh found the resource gone. False if there is an `op`. */
  isGone: boolean;
  /** An earlier, interrupted replacement has already deleted the old connection. */
  isReplacementPending: boolean;
  /** The leftovers of interrupted replacements, still to be deleted. Their providers can differ from the provider of `resource`. */
  leftovers: StateResource[];
}

/** A step without references (`OrgConnection.get`). {@link toManagedStep} has removed them. */
interface ManagedStep extends PreviewStep {
  /** The resource becomes a reference, so the stack gives up its connection. */
  becomesReference?: "own" | "other";
}

/** Builds the timelines of the resources in the order of the preview, without references (`OrgConnection.get`). */
export function buildTimelines(steps: readonly PreviewStep[]): ResourceTimeline[] {
  const byKey = new Map<string, { resource: ResourceRef; steps: ManagedStep[] }>();
  const findMoved = createMovedFinder(steps);
  for (const previewStep of steps) {
    const step = toManagedStep(previewStep);
    if (!step) continue;
    const resource = (step.old && findMoved({ resource: step.resource, state: step.old })) ?? step.resource;
    const key = getResourceKey(resource);
    const entry = byKey.get(key) ?? { resource, steps: [] };
    entry.steps.push({ ...step, resource });
    byKey.set(key, entry);
  }
  return [...byKey.values()].map((entry) => buildTimeline(entry.resource, entry.steps));
}

/**
 * Creates a function that finds the new `ResourceRef` of a renamed or moved resource by its former address and its ID. The stack's
 * state, the refresh before the program runs, and the deletion of a replaced connection have the former address. The ID is compared
 * too, because the leftover of an interrupted replacement has the former address, but is not moved.
 */
export function createMovedFinder(
  steps: readonly PreviewStep[],
): (one: StateResource) => ResourceRef | undefined {
  const movedByKey = new Map(
    steps.flatMap(({ resource, formerAddress: address, old }) =>
      address === undefined || !old ? [] : [[formatMovedKey({ ...resource, address }, old), resource]],
    ),
  );
  return ({ resource, state }) => movedByKey.get(formatMovedKey(resource, state));
}

const formatMovedKey = (resource: ResourceRef, { id }: ResourceState): string =>
  JSON.stringify([getResourceKey(resource), id]);

/**
 * The imports that count as a create, because the connection is new to the stack. An `import` with a known ID is not among them:
 * `pulumi-step.ts` has already converted it to an update.
 */
const COUNTED_AS: Readonly<Record<string, string>> = {
  import: "create",
  "import-replacement": "create-replacement",
};

/**
 * Removes references (`OrgConnection.get`) from a step, because a reference manages nothing. If a resource becomes a reference, the
 * stack gives up its connection. The engine deletes the connection if the reference reads another one. Otherwise, it retains the
 * connection.
 *
 * @returns undefined if nothing else is left, or if another step shows the same change
 */
function toManagedStep({ old, new: next, ...step }: PreviewStep): ManagedStep | undefined {
  const op = COUNTED_AS[step.op] ?? step.op;
  const before = old?.external === true ? undefined : old;
  const after = next?.external === true ? undefined : next;
  if (before === old && after === next) return { ...step, op, old, new: next };
  // A reference becomes a resource: the connection is new to the stack.
  if (after) return op === "discard-replaced" ? undefined : { ...step, op: "create", new: after };
  // If a reference replaces a resource, the steps "replace" and "read-replacement" show the same change. The latter is dropped.
  if (!before || op === "read-replacement") return undefined;
  if (op === "read")
    return { ...step, op: "delete", old: { ...before, retainOnDelete: true }, becomesReference: "own" };
  // The engine sets `delete` on the resource that a reference replaces. `delete` is cleared, because it would mark a leftover of an
  // earlier run.
  return { ...step, op: "delete", old: { ...before, delete: false }, becomesReference: "other" };
}

/**
 * Builds the timeline of one resource from its steps.
 *
 * @param first - the resource of the first step
 */
function buildTimeline(first: ResourceRef, steps: readonly ManagedStep[]): ResourceTimeline {
  const refresh = findRefreshStep(steps);
  const programSteps = steps.filter((step) => step !== refresh && step.isRefresh !== true);
  const replacedDeletions = programSteps.filter(({ op }) => op === "delete-replaced");
  const replacement = programSteps.find(({ op }) => op === "replace" || op === "create-replacement");
  const replacedState = programSteps.find(({ op }) => op === "replace")?.old ?? replacement?.old;
  const referenceStep = programSteps.find((step) => step.becomesReference !== undefined);
  const leavingStep = referenceStep ?? programSteps.find((step) => step.becomesOtherType);
  const replacedId = replacement ? replacedState?.id : leavingStep?.old?.id;
  // A step that deletes a leftover (`old.delete`) is not the program's own.
  const programStep =
    programSteps.find(({ op }) => op === "replace") ??
    replacement ??
    programSteps.find(({ op, old: before }) => isProgramOperation(op) && before?.delete !== true);
  const timeline: ResourceTimeline = {
    resource: (programStep ?? refresh)?.resource ?? first,
    formerAddress: steps.find(({ formerAddress }) => formerAddress !== undefined)?.formerAddress,
    isGone: false,
    isImport: steps.some((step) => step.isImport === true),
    isReplacementPending: false,
    leftovers: [],
  };
  // A step `delete-replaced` deletes the connection that this run replaces (`replacedId`). With another ID, the step deletes a
  // leftover of an earlier run.
  for (const { old: state, resource } of replacedDeletions) {
    if (state && (replacedId === undefined || state.id !== replacedId))
      timeline.leftovers.push({ resource, state });
  }
  for (const { op, old: state, resource } of programSteps) {
    // The refresh of a digest shows a leftover, which the program's steps then hide.
    if ((op === "delete" || op === "refresh") && state?.delete === true)
      timeline.leftovers.push({ resource, state });
  }
  if (refresh?.old) timeline.priorState = refresh.old;
  timeline.becomesReference = referenceStep?.becomesReference;
  timeline.becomesOtherType = leavingStep?.becomesOtherType === true;
  if (programStep) {
    timeline.op = isProgramOperation(programStep.op) ? programStep.op : "replace";
    if (programStep.new && timeline.op !== "delete") timeline.declared = programStep.new;
    if (programStep.old) {
      timeline.refreshedState = programStep.old;
      timeline.priorState ??= programStep.old;
    }
  } else if (refresh?.old) {
    // The engine's events and a plan show what the refresh found. A digest (a preview as one object) shows only the state before
    // the refresh.
    timeline.isGone = refresh.isRefresh === true && refresh.op === "delete";
    timeline.refreshedState = (refresh.isRefresh === true ? refresh.new : undefined) ?? refresh.old;
  }
  // If the old resource is deleted first, the engine sets `pendingReplacement` (pulumi/pulumi, pkg/resource/deploy/step.go). For a
  // plan, terraform-plan.ts sets `pendingReplacement`.
  if (timeline.op === "replace")
    timeline.deleteFirst =
      replacedState?.pendingReplacement === true || isDeletedFirst(programSteps, replacedState?.id);
  timeline.isReplacementPending = programSteps.some(({ op }) => op === "remove-pending-replace");
  return timeline;
}

/** Whether the delete comes before the create. The engine's events lack `pendingReplacement`, but show all steps. */
function isDeletedFirst(steps: readonly ManagedStep[], id: string | undefined): boolean {
  const created = steps.findIndex(({ op }) => op === "create-replacement");
  const deleted = steps.findIndex(({ op, old }) => op === "delete-replaced" && old?.id === id);
  return deleted !== -1 && deleted < created;
}

const isProgramOperation = (op: string): op is "create" | "update" | "delete" | "same" =>
  op === "create" || op === "update" || op === "delete" || op === "same";

/**
 * Finds the step that refreshes the resource. Ignores the leftovers of interrupted replacements. A digest does not mark a refresh.
 * It may show the result of the refresh, such as `same` or `update`, as the operation (pulumi/pulumi, pkg/backend/display/json.go).
 * So if no step is marked, but several steps have an operation of the program ({@link isProgramOperation}), the first of these
 * steps is the refresh.
 */
function findRefreshStep(steps: readonly ManagedStep[]): ManagedStep | undefined {
  const ofResource = steps.filter(({ old }) => old?.delete !== true);
  const refresh = ofResource.find(({ op, isRefresh }) => isRefresh === true || op === "refresh");
  if (refresh) return refresh;
  const candidates = ofResource.filter(({ op }) => isProgramOperation(op));
  return candidates.length > 1 ? candidates[0] : undefined;
}

/**
 * Finds the import that gave Terraform only the ID of a connection. The official provider imports only the ID, and a later read
 * leaves the state unchanged (provider 4.19.0, resource_datadog_org_connection.go). Without an import, the state has the
 * destination and the types, because the configuration requires them.
 *
 * @returns `plan` for an import in this plan, `state` for an earlier import, otherwise undefined
 */
export function findImportById({
  resource,
  refreshedState,
  isImport,
}: ResourceTimeline): ComputedChange["importedById"] {
  if (resource.tool !== "terraform" || !refreshedState) return undefined;
  const { sinkOrgId, connectionTypes } = refreshedState.inputs;
  // A sensitive value is unknown, not unspecified.
  if (sinkOrgId !== undefined || connectionTypes.openTypes !== "unspecified") return undefined;
  return isImport ? "plan" : "state";
}
