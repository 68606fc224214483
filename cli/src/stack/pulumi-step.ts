import * as v from "valibot";
import { identifyKind, resourceInStepSchema, toResourceState } from "./pulumi-resource-state.js";
import { createUrnRef, getStackName, isProviderUrn, isStackUrn, parseStack } from "./pulumi-resources.js";
import type { Diagnostic, Preview, PreviewStep } from "./step.js";

/** The operations of the engine (pulumi/pulumi, sdk/go/common/display/types.go). */
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
  return {
    kind: "preview",
    location: first ? getStackName(first.urn) : name,
    notes: [],
    stack: first && parseStack(first.urn),
    steps: steps.flatMap((step) => toPreviewStep(step, name)),
    changedProviders: steps.flatMap(({ op, urn }) => (isProviderUrn(urn) && !UNCHANGED.has(op) ? [urn] : [])),
    showsUnchanged: steps.some(({ op, urn }) => (op === "same" && !isStackUrn(urn)) || op === "refresh"),
    config,
    diagnostics,
  };
}

function toPreviewStep({ op, urn, oldState, newState, isRefresh }: PulumiStep, name: string): PreviewStep[] {
  const kind = identifyKind(newState ?? oldState ?? undefined, urn);
  if (!kind) return [];
  const resource = createUrnRef(urn, kind);
  if (!OPERATIONS.has(op)) {
    throw new Error(
      `${name} contains the operation ${JSON.stringify(op)} of ${resource.name}, which this version does not know. ` +
        "Install a newer version.",
    );
  }
  const old = oldState ? toResourceState(oldState, kind) : undefined;
  const formerAddress = oldState?.urn === urn ? undefined : oldState?.urn;
  const step = {
    op,
    resource,
    formerAddress,
    old,
    new: newState ? toResourceState(newState, kind) : undefined,
    position: newState?.position ?? oldState?.position,
  };
  return [isRefresh === undefined ? step : { ...step, isRefresh }];
}
