import * as v from "valibot";
import { resourceInStep, type ResourceState } from "./resource-state.js";
import { identify, type UnreadableResource } from "./resources.js";

/** The operations of the engine (pulumi/pulumi, sdk/go/common/display/types.go). */
export const OPERATIONS: ReadonlySet<string> = new Set([
  ...["same", "create", "update", "delete", "replace", "create-replacement", "delete-replaced"],
  ...["read", "read-replacement", "refresh", "discard", "discard-replaced", "remove-pending-replace"],
  ...["import", "import-replacement"],
]);

/** One side of a step; none on the side on which there is no resource. */
export const sideOfStep = v.nullish(resourceInStep);

/** One step of a preview. */
export const step = v.pipe(
  v.object({ op: v.string(), urn: v.string(), oldState: sideOfStep, newState: sideOfStep }),
  v.transform(({ op, urn, oldState, newState }): Step => ({
    op,
    urn,
    old: oldState ?? undefined,
    new: newState ?? undefined,
  })),
);

/** One step: `op` as the engine calls it. */
export interface Step {
  op: string;
  urn: string;
  old?: ResourceState | undefined;
  new?: ResourceState | undefined;
  /** It belongs to the refresh; none when the form of the preview does not tell. */
  isRefresh?: boolean;
}

/** The resource of a step, where it is ours. A step without a state is told by its URN. */
export const identifyStep = ({ urn, old, new: wanted }: Step): UnreadableResource | undefined =>
  identify(urn, (wanted ?? old)?.form);

/** What the engine says besides its steps. */
export interface Diagnostic {
  /** `info`, `info#err`, `warning` or `error`. */
  severity: string;
  message: string;
}

/** A preview of the engine, parsed. */
export interface Preview {
  steps: Step[];
  /** The stack's configuration by full key, secrets as `[secret]`. Structured values are JSON text. */
  config: Record<string, string>;
  diagnostics: Diagnostic[];
}

/** The schema of a preview's configuration: the values that are texts. */
export const previewConfig = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform((config) =>
    Object.fromEntries(
      Object.entries(config).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
    ),
  ),
);
