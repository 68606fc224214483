import * as v from "valibot";
import { formOf, type Form } from "./resources.js";
import { isMark, shown, told } from "./told.js";

/** Connection types, as far as they are told. */
export interface Types {
  /** Sorted, as far as they are known. */
  connectionTypes: readonly string[];
  /**
   * Why the types do not tell all: they are left to Datadog, or the preview or the state does not tell them (not known
   * before the `up`, or a secret).
   */
  openTypes?: "left-to-datadog" | "not-told" | undefined;
}

// A field of another form than expected is not told. What this version does not know of a resource is left out.
const text = told(v.string());
const flag = v.fallback(v.optional(v.boolean(), false), false);
/** An object that is no list: an empty list would say that there is nothing. */
const entries = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value)),
  v.record(v.string(), v.unknown()),
);

const declaredTypes = v.optional(v.pipe(v.unknown(), v.transform(readTypes)), null);

const inputs = v.object({
  source: shown(v.string()),
  reason: shown(v.string()),
  adopt: shown(v.boolean()),
  exclusive: shown(v.boolean()),
  sinkOrgId: text,
  connectionTypes: declaredTypes,
  /** Of a set: the destinations, a mark in place of a UUID left out. */
  connections: shown(
    v.pipe(
      entries,
      v.transform((all) =>
        Object.entries(all).map(([sink, types]) => ({
          sinkOrgId: isMark(sink) ? undefined : sink,
          types: readTypes(types),
        })),
      ),
    ),
  ),
});

const allTypes = v.pipe(v.unknown(), v.transform(readAllTypes));
const member = v.object({
  id: v.pipe(
    v.string(),
    v.nonEmpty(),
    v.check((id) => !isMark(id)),
  ),
  sinkOrgName: text,
  createdAt: text,
  createdBy: text,
});

const outputs = v.object({
  source: shown(v.string()),
  sourceOrgId: text,
  sourceOrgName: text,
  adopt: flag,
  reason: text,
  sinkOrgId: text,
  sinkOrgName: text,
  connectionTypes: v.optional(allTypes),
  unmanagedTypes: flag,
  createdAt: text,
  createdBy: text,
  /** Of a set: the types by destination. A secret has keys of its own. */
  connections: v.fallback(v.optional(v.record(v.string(), allTypes), {}), {}),
  /** Of a set, by destination; none: not told. A member that is not told has no value. */
  members: v.fallback(
    v.optional(v.pipe(entries, v.record(v.string(), v.fallback(v.optional(member), undefined)))),
    undefined,
  ),
  /** Of a set: ids by destination; null: not told. */
  strangers: v.optional(v.fallback(v.nullable(v.record(v.string(), text)), null), {}),
});

const fields = v.object({
  type: v.optional(v.unknown()),
  /** Another one than that of its step, where `aliases` have renamed it. */
  urn: v.fallback(v.optional(v.string()), undefined),
  id: text,
  inputs: v.fallback(v.optional(inputs, {}), () => v.parse(inputs, {})),
  outputs: v.fallback(v.optional(outputs, {}), () => v.parse(outputs, {})),
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
const withForm = ({ type, ...state }: v.InferOutput<typeof fields>) => ({ ...state, form: formOf(type) });

/** A resource in a state, as far as this version knows it: it reads any object. */
export const resourceState = v.pipe(fields, v.transform(withForm));
/** A resource on one side of a step, which has a type. */
export const resourceInStep = v.pipe(
  v.object({ ...fields.entries, type: v.string() }),
  v.transform((state) => withForm(state)),
);
export type ResourceState = v.InferOutput<typeof resourceState>;

/** The state of a resource of which nothing is told. */
export const stateOfNothing = (form: Form): ResourceState => ({ ...v.parse(resourceState, {}), form });

/** The types of an input: a list, a mark, or nothing. */
function readTypes(value: unknown): Types {
  if (value === undefined || value === null) return { connectionTypes: [], openTypes: "left-to-datadog" };
  if (!Array.isArray(value)) return { connectionTypes: [], openTypes: "not-told" };
  const types = value.filter((type): type is string => typeof type === "string" && !isMark(type));
  return {
    connectionTypes: types.toSorted(),
    openTypes: types.length < value.length ? "not-told" : undefined,
  };
}

/** The types of a list of which every part is told. */
function readAllTypes(value: unknown): string[] | undefined {
  const { connectionTypes, openTypes } = readTypes(value);
  return openTypes === undefined ? [...connectionTypes] : undefined;
}
