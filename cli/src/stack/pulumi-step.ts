import * as v from "valibot";
import { identifyKind, resourceInStepSchema, toResourceState } from "./pulumi-resource-state.js";
import { createUrnRef, getStackName, isProviderUrn, isStackUrn, parseStack } from "./pulumi-resources.js";
import { isOwnTool, isPlugin } from "./resources.js";
import type { ResourceState } from "./resource-state.js";
import type { Diagnostic, Preview, PreviewStep } from "./step.js";

/** The operations of the engine (pulumi/pulumi, sdk/go/common/apitype/history.go). */
const OPERATIONS: ReadonlySet<string> = new Set([
  ...["same", "create", "update", "delete", "replace", "create-replacement", "delete-replaced"],
  ...["read", "read-replacement", "refresh", "discard", "discard-replaced", "remove-pending-replace"],
  ...["import", "import-replacement"],
]);

/** The operations that leave a resource as it is. */
const UNCHANGED: ReadonlySet<string> = new Set(["same", "refresh", "read"]);

/** One side of a step. Left out if there is no resource on that side. */
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
  /** Whether the step belongs to the refresh. Left out if the format of the preview does not show that. */
  isRefresh?: boolean | undefined;
}

/** What a preview contains, in each of its formats. */
export interface PreviewContent {
  steps: PulumiStep[];
  /** The stack's configuration by complete key. */
  config: Record<string, string>;
  diagnostics: Diagnostic[];
}

const IMPORT_NOTE =
  "An import of a dynamic resource takes the values of the import file into the state and sends no request, so this report shows those values. After the import, " +
  "`pulumi preview --refresh` compares them with Datadog. It must show no changes.";

/** The schema of a preview's configuration. It keeps only strings. */
export const previewConfigSchema = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform((config) =>
    Object.fromEntries(
      Object.entries(config).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
    ),
  ),
);

/**
 * Selects the steps of the resources that manage connections.
 *
 * @param name - the name of the input in messages
 * @throws if such a step has an operation that this version does not know
 */
export function toPreview({ steps, config, diagnostics }: PreviewContent, name: string): Preview {
  const [first] = steps;
  const deletedLast = listDeletedLast(steps);
  const connectionSteps = steps.flatMap((step) => toPreviewStep(step, name, deletedLast));
  return {
    kind: "preview",
    location: first ? getStackName(first.urn) : name,
    // A plugin reads what it imports. A dynamic resource takes all values from the import file.
    notes: connectionSteps.some(
      ({ isImport, resource }) => isImport && isOwnTool(resource) && !isPlugin(resource),
    )
      ? [IMPORT_NOTE]
      : [],
    stack: first && parseStack(first.urn),
    steps: connectionSteps,
    changedProviders: steps.flatMap(({ op, urn }) => (isProviderUrn(urn) && !UNCHANGED.has(op) ? [urn] : [])),
    uncheckedProviders: steps.flatMap((step) => (isUncheckedProvider(step) ? [step.urn] : [])),
    showsUnchanged: hasAllResources(steps),
    config,
    diagnostics,
  };
}

/** Whether a step shows a provider that may run no preview checks. A value that is secret or not yet known may be `offline`. */
function isUncheckedProvider({ urn, newState }: PulumiStep): boolean {
  const checks = newState?.fields.inputs.checks;
  return isProviderUrn(urn) && checks !== undefined && checks !== "online";
}

/**
 * Whether the preview shows all resources that do not change, or shows that there are none. By default, a digest shows an unchanged
 * resource only if its option `protect` changes (pulumi/pulumi, pkg/backend/display, `shouldShow`), so such a step proves nothing.
 */
function hasAllResources(steps: readonly PulumiStep[]): boolean {
  const ofStack = steps.filter(({ urn }) => isStackUrn(urn));
  // If the preview creates the stack resource, the state is empty.
  if (ofStack.some(({ op }) => op === "create")) return true;
  // A refresh shows all resources, including the stack as a step of its own. With `--target`, it shows only the targets.
  if (ofStack.length > 1 || ofStack.some(({ op, isRefresh }) => op === "refresh" || isRefresh === true))
    return true;
  // The steps of a refresh come before that of the program's stack.
  return steps
    .slice(steps.findIndex(({ urn }) => isStackUrn(urn)) + 1)
    .some((step) => step.op === "same" && step.isRefresh !== true && hasSameProtection(step));
}

const hasSameProtection = ({ oldState, newState }: PulumiStep): boolean =>
  oldState?.fields.protect === newState?.fields.protect;

/**
 * Lists the URNs of what the engine deletes last, after the program. A digest can show a resource that the refresh found gone as a
 * deletion too, but before the steps of the program, or without a program.
 */
function listDeletedLast(steps: readonly PulumiStep[]): ReadonlySet<string> {
  if (!steps.some(({ op, urn }) => isStackUrn(urn) && op !== "refresh")) return new Set();
  const first = steps.findLastIndex(({ newState }) => newState) + 1;
  return new Set(steps.slice(first).flatMap(({ urn, isRefresh }) => (isRefresh === true ? [] : [urn])));
}

/** Marks a connection that no request deletes (pulumi/pulumi, pkg/resource/deploy/step.go, `isDeletedWith`): it stays live. */
function markDeletedWith(old: ResourceState, { op, urn }: PulumiStep, deletedLast: ReadonlySet<string>) {
  const { retainOnDelete, deletedWith = "" } = old;
  const isApplied = !retainOnDelete && deletedLast.has(urn) && deletedLast.has(deletedWith);
  // For a resource that is being replaced, the step `replace` is marked instead. A leftover of an interrupted replacement is reported as
  // deleted, because a report must not omit a deletion.
  if (!isApplied || op === "delete-replaced") return old;
  return { ...old, retainOnDelete: true, isDeletedWith: true as const };
}

const toImport = (imported: ResourceState) => ({
  op: "update",
  old: imported,
  new: imported,
  isImport: true as const,
});

function toPreviewStep(
  pulumiStep: PulumiStep,
  name: string,
  deletedLast: ReadonlySet<string>,
): PreviewStep[] {
  const { op, urn, oldState, newState, isRefresh } = pulumiStep;
  const kind = identifyKind(newState ?? oldState ?? undefined, urn);
  if (!kind) return [];
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
    // What is imported is live already, so it is on both sides.
    ...(next && importedId && toImport({ ...next, id: importedId })),
  };
  return [isRefresh === undefined ? step : { ...step, isRefresh }];
}
