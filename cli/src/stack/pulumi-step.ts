import * as v from "valibot";
import {
  createUrnRef,
  getStackName,
  identifyKind,
  isProviderUrn,
  isStackUrn,
  parseStack,
  readProviderFacts,
  resourceInStepSchema,
  toResourceState,
} from "./pulumi-resources.js";
import type { ResourceState } from "./resource-state.js";
import { isOwnTool, isPlugin } from "./resources.js";
import type { Diagnostic, Preview, PreviewStep } from "./step.js";

/** The operations of the engine (pulumi/pulumi, sdk/go/common/apitype/history.go). */
const OPERATIONS: ReadonlySet<string> = new Set([
  ...["same", "create", "update", "delete", "replace", "create-replacement", "delete-replaced"],
  ...["read", "read-replacement", "refresh", "discard", "discard-replaced", "remove-pending-replace"],
  ...["import", "import-replacement"],
]);

/** The operations that do not change a provider resource. */
const UNCHANGED: ReadonlySet<string> = new Set(["same", "refresh", "read"]);

/** The schema of one side of a step. A side without a resource is null or left out. */
export const stepSideSchema = v.nullish(resourceInStepSchema);

/** The schema of one step. */
export const stepSchema = v.object({
  op: v.string(),
  urn: v.string(),
  oldState: stepSideSchema,
  newState: stepSideSchema,
});

/** A step of the engine, for any resource. */
export interface PulumiStep extends v.InferOutput<typeof stepSchema> {
  /** Whether the step belongs to the refresh. Left out for a digest (a preview as one object), which does not show this. */
  isRefresh?: boolean | undefined;
}

/** The content of a preview, independent of its format. */
export interface PreviewContent {
  steps: PulumiStep[];
  /** The stack's configuration by full key. */
  config: Record<string, string>;
  diagnostics: Diagnostic[];
  isDigest?: true | undefined;
}

const IMPORT_NOTE =
  "An import of a dynamic resource copies the values of the import file into the state and sends no request to Datadog, so this report " +
  "shows those values. After the import, run `pulumi preview --refresh`, which compares them with Datadog and must show no changes.";

/** The schema of a preview's configuration. Values that are not strings are left out. */
export const previewConfigSchema = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform((config) =>
    Object.fromEntries(
      Object.entries(config).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
    ),
  ),
);

/**
 * Converts the content of a preview. Leaves out the steps of resources that do not manage connections.
 *
 * @param name - the name of the input in messages, and the `location` if there are no steps
 * @throws if an included step has an operation that this version does not know
 */
export function toPreview({ steps, config, diagnostics, isDigest }: PreviewContent, name: string): Preview {
  const [first] = steps;
  const deletedLast = listDeletedLast(steps);
  const connectionSteps = steps.flatMap((step) => toPreviewStep(step, name, deletedLast));
  return {
    kind: "preview",
    location: first ? getStackName(first.urn) : name,
    // Only an import of a dynamic resource needs the note. Other imports read the connection from Datadog.
    notes: connectionSteps.some(
      ({ isImport, resource }) => isImport && isOwnTool(resource) && !isPlugin(resource),
    )
      ? [IMPORT_NOTE]
      : [],
    stack: first && parseStack(first.urn),
    steps: connectionSteps,
    changedProviders: steps.flatMap(({ op, urn }) => (isProviderUrn(urn) && !UNCHANGED.has(op) ? [urn] : [])),
    providers: steps.flatMap(({ urn, newState }) =>
      newState && isProviderUrn(urn) ? (readProviderFacts(urn, newState) ?? []) : [],
    ),
    isDigest,
    hidesLeftovers: isDigest && !showsReplacementSteps(steps) && !hasEmptyState(steps) ? true : undefined,
    showsUnchanged: hasAllResources(steps),
    config,
    diagnostics,
  };
}

/**
 * Whether the preview shows all unchanged resources, or shows that none exist. By default, a digest (a preview as one object) shows
 * the operation `same` only in two cases, which prove nothing (pulumi/pulumi, pkg/backend/display, `shouldShow`):
 * - for the stack
 * - for a resource whose option `protect` changes
 */
function hasAllResources(steps: readonly PulumiStep[]): boolean {
  if (hasEmptyState(steps)) return true;
  const stackSteps = steps.filter(({ urn }) => isStackUrn(urn));
  // A refresh of all resources adds a step for the stack. A refresh with `--target` adds none, and shows only the targets.
  if (stackSteps.length > 1 || stackSteps.some(({ op, isRefresh }) => op === "refresh" || isRefresh === true))
    return true;
  // Ignore the steps of a refresh with `--target`. They come before the program's step for the stack.
  return steps
    .slice(steps.findIndex(({ urn }) => isStackUrn(urn)) + 1)
    .some((step) => step.op === "same" && step.isRefresh !== true && hasSameProtection(step));
}

/** Whether the state is empty: the preview creates the stack resource. */
const hasEmptyState = (steps: readonly PulumiStep[]): boolean =>
  steps.some(({ op, urn }) => isStackUrn(urn) && op === "create");

/** Whether a step proves that the preview was created with `--show-replacement-steps`, so it also shows the leftovers. */
const showsReplacementSteps = (steps: readonly PulumiStep[]): boolean =>
  steps.some(({ op }) => op === "create-replacement" || op === "delete-replaced");

const hasSameProtection = ({ oldState, newState }: PulumiStep): boolean =>
  oldState?.fields.protect === newState?.fields.protect;

/**
 * Lists the URNs of the resources that the engine deletes after the program has ended. Excludes resources that the refresh did not
 * find, which a digest can also show as deleted. The steps of such resources come before the program's steps, or the preview has no
 * steps of the program.
 */
function listDeletedLast(steps: readonly PulumiStep[]): ReadonlySet<string> {
  if (!steps.some(({ op, urn }) => isStackUrn(urn) && op !== "refresh")) return new Set();
  const first = steps.findLastIndex(({ newState }) => newState) + 1;
  return new Set(steps.slice(first).flatMap(({ urn, isRefresh }) => (isRefresh === true ? [] : [urn])));
}

/**
 * Marks a connection that stays live although its resource is deleted. The engine sends no delete if the resource in `deletedWith`
 * is deleted in the same operation (pulumi/pulumi, pkg/resource/deploy/step.go, `isDeletedWith`).
 */
function markDeletedWith(old: ResourceState, { op, urn }: PulumiStep, deletedLast: ReadonlySet<string>) {
  const { retainOnDelete, deletedWith = "" } = old;
  const isDeletedWith = !retainOnDelete && deletedLast.has(urn) && deletedLast.has(deletedWith);
  // Do not mark a step `delete-replaced`. In a replacement, the step `replace` is marked instead. For the leftover of an
  // interrupted replacement, the engine may send the delete, so the report shows a deletion.
  if (!isDeletedWith || op === "delete-replaced") return old;
  return { ...old, retainOnDelete: true, isDeletedWith: true as const };
}

/** Returns the fields of a step that imports a connection. The connection is live already, so it is on both sides. */
const toImport = (imported: ResourceState) => ({
  op: "update",
  old: imported,
  new: imported,
  isImport: true as const,
});

/**
 * Converts a step with which an alias turns a resource that manages a connection into one of another type. A replacement deletes the
 * connection. An update leaves it live, and nothing manages it. The step `replace` shows the same as `create-replacement`, which is
 * dropped.
 */
function toLeavingStep({ op, urn, oldState, newState }: PulumiStep): PreviewStep[] {
  const kind = oldState && newState ? identifyKind(oldState, urn) : undefined;
  if (!oldState || !kind || op === "create-replacement") return [];
  const old = toResourceState(oldState, kind);
  return [
    {
      op: "delete",
      resource: createUrnRef(oldState.urn ?? urn, kind, old.provider),
      old: op === "replace" ? { ...old, delete: false } : { ...old, retainOnDelete: true },
      becomesOtherType: true,
    },
  ];
}

function toPreviewStep(
  pulumiStep: PulumiStep,
  name: string,
  deletedLast: ReadonlySet<string>,
): PreviewStep[] {
  const { op, urn, oldState, newState, isRefresh } = pulumiStep;
  const kind = identifyKind(newState ?? oldState ?? undefined, urn);
  if (!kind) return toLeavingStep(pulumiStep);
  const old = oldState
    ? markDeletedWith(toResourceState(oldState, kind), pulumiStep, deletedLast)
    : undefined;
  const next = newState ? toResourceState(newState, kind) : undefined;
  const resource = createUrnRef(urn, kind, (next ?? old)?.provider);
  if (!OPERATIONS.has(op)) {
    throw new Error(
      `${name} contains the operation ${JSON.stringify(op)} of ${resource.name}, which this version does not know. ` +
        "Install a newer version of this package.",
    );
  }
  const importedId = op === "import" ? next?.id || newState?.importId : undefined;
  const formerAddress = oldState?.urn === urn ? undefined : oldState?.urn;
  const step = {
    op,
    resource,
    formerAddress,
    old,
    new: next,
    position: newState?.position ?? oldState?.position,
    ...(next && importedId && toImport({ ...next, id: importedId })),
  };
  return [isRefresh === undefined ? step : { ...step, isRefresh }];
}
