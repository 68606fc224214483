import * as v from "valibot";
import { resourceInStepSchema, type ResourceState } from "./resource-state.js";
import { identifyResource, type ResourceRef } from "./resources.js";

/** The operations of the engine (pulumi/pulumi, sdk/go/common/display/types.go). */
export const OPERATIONS: ReadonlySet<string> = new Set([
  ...["same", "create", "update", "delete", "replace", "create-replacement", "delete-replaced"],
  ...["read", "read-replacement", "refresh", "discard", "discard-replaced", "remove-pending-replace"],
  ...["import", "import-replacement"],
]);

/** One side of a step. Left out if there is no resource on that side. */
export const stepSideSchema = v.nullish(resourceInStepSchema);

/** The schema of one step. */
export const stepSchema = v.pipe(
  v.object({ op: v.string(), urn: v.string(), oldState: stepSideSchema, newState: stepSideSchema }),
  v.transform(({ op, urn, oldState, newState }): PreviewStep => ({
    op,
    urn,
    old: oldState ?? undefined,
    new: newState ?? undefined,
  })),
);

/** One step of a preview. */
export interface PreviewStep {
  /** The engine's name of the operation. */
  op: string;
  urn: string;
  old?: ResourceState | undefined;
  new?: ResourceState | undefined;
  /** Whether the step belongs to the refresh. Left out if the format of the preview does not show that. */
  isRefresh?: boolean;
}

/** Identifies the resource of a step, if it belongs to this package. A step without a state is identified by its URN. */
export const identifyStep = ({ urn, old, new: next }: PreviewStep): ResourceRef | undefined =>
  identifyResource(urn, (next ?? old)?.form);

/** A message of the engine. */
export interface Diagnostic {
  /** `info`, `info#err`, `warning` or `error`. */
  severity: string;
  message: string;
}

/** A parsed preview. */
export interface Preview {
  steps: PreviewStep[];
  /** The stack's configuration by complete key. Secrets are `[secret]`, structured values are JSON text. */
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
