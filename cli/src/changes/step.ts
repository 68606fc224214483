import * as v from "valibot";

// Fields this version does not know are left out; of those it knows, one of another form is left out too.
const text = v.fallback(v.optional(v.string()), undefined);
const flag = v.fallback(v.optional(v.boolean(), false), false);
const properties = v.fallback(v.optional(v.record(v.string(), v.unknown()), {}), {});

/** A resource in a state, an old or a new one. */
export const resourceState = v.object({
  type: v.string(),
  /** Another one than that of its step, where `aliases` have renamed it. */
  urn: text,
  id: text,
  inputs: properties,
  outputs: properties,
  protect: flag,
  external: flag,
  /** It waits for its deletion: an interrupted replacement has left it behind. */
  delete: flag,
  /** Its deletion came first and is done; the replacement is not. */
  pendingReplacement: flag,
  retainOnDelete: flag,
  /** URNs; the engine's events lack them. */
  dependencies: v.fallback(v.optional(v.array(v.string()), []), []),
});
export type ResourceState = v.InferOutput<typeof resourceState>;

const state = v.nullish(resourceState);

/** One step of a preview. */
export const step = v.pipe(
  v.object({
    op: v.string(),
    urn: v.string(),
    oldState: state,
    newState: state,
    detailedDiff: v.nullish(v.unknown()),
  }),
  v.transform(({ op, urn, oldState, newState, detailedDiff }) => ({
    op,
    urn,
    hasDetails: detailedDiff !== undefined && detailedDiff !== null,
    ...(oldState && { old: oldState }),
    ...(newState && { new: newState }),
  })),
);

/** One step: `op` as the engine calls it. */
export interface Step {
  op: string;
  urn: string;
  old?: ResourceState;
  new?: ResourceState;
  /** Whether the engine gives the difference by property. */
  hasDetails: boolean;
  /** It belongs to the refresh; none when the form of the preview does not tell. */
  isRefresh?: boolean;
  /** The resource becomes a view (`OrgConnection.get`), so that the stack gives its connection up. */
  becomesView?: boolean;
}

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

/** The values that are texts. */
export function textsOf(config: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
  );
}
