import * as v from "valibot";
import type { ResourceKind, ResourceRef } from "./resources.js";
import { isPlaceholder, allowUnknown, dropUnknown } from "./known-value.js";

/** Connection types, as far as they are known. */
export interface ConnectionTypes {
  /** Sorted. */
  connectionTypes: readonly string[];
  /**
   * Why `connectionTypes` may be incomplete. `unspecified`: Datadog chooses the types. `unknown`: the preview or the state
   * does not show all of them, for example because they are a secret or not known before the `up`.
   */
  openTypes?: "unspecified" | "unknown" | undefined;
}

// A field in an unexpected format is unknown, with these exceptions: a flag is false; `inputs`, `outputs`, `connections` of the outputs
// and `dependencies` are empty.
// Fields that this version does not recognize are left out.
const knownString = dropUnknown(v.string());
const flag = v.fallback(v.optional(v.boolean(), false), false);
/** The entries of an object. A list is refused, because an empty one would mean that there are no entries. */
const entries = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value)),
  v.record(v.string(), v.unknown()),
);

const declaredTypes = v.optional(v.pipe(v.unknown(), v.transform(readTypes)), null);

const inputsSchema = v.object({
  source: allowUnknown(v.string()),
  reason: allowUnknown(v.string()),
  adopt: allowUnknown(v.boolean()),
  exclusive: allowUnknown(v.boolean()),
  /** Only of a provider of the plugin. */
  checks: allowUnknown(v.string()),
  sinkOrgId: knownString,
  connectionTypes: declaredTypes,
  /** The destinations of a set. One that is a placeholder has no `sinkOrgId`. */
  connections: allowUnknown(
    v.pipe(
      entries,
      v.transform((all) =>
        Object.entries(all).map(([sink, types]) => ({
          sinkOrgId: isPlaceholder(sink) ? undefined : sink,
          types: readTypes(types),
        })),
      ),
    ),
  ),
});

const allTypes = v.pipe(v.unknown(), v.transform(readAllTypes));
const memberSchema = v.object({
  id: v.pipe(
    v.string(),
    v.nonEmpty(),
    v.check((id) => !isPlaceholder(id)),
  ),
  sinkOrgName: knownString,
  createdAt: knownString,
  createdBy: knownString,
});

const outputsSchema = v.object({
  source: allowUnknown(v.string()),
  sourceOrgId: knownString,
  sourceOrgName: knownString,
  adopt: flag,
  reason: knownString,
  sinkOrgId: knownString,
  sinkOrgName: knownString,
  connectionTypes: v.optional(allTypes),
  typesUnspecified: flag,
  createdAt: knownString,
  createdBy: knownString,
  /** The types by destination, for a set. The placeholder of a secret is parsed too: an object whose property names are not UUIDs. */
  connections: v.fallback(v.optional(v.record(v.string(), allTypes), {}), {}),
  /**
   * The members by destination, for a set; undefined if unknown. A member that is unknown has no value. The placeholder of a secret is
   * parsed too: each of its properties counts as an unknown member.
   */
  members: v.fallback(
    v.optional(v.pipe(entries, v.record(v.string(), v.fallback(v.optional(memberSchema), undefined)))),
    undefined,
  ),
  /** The undeclared ids by destination, for a set; null if unknown. An id that is unknown has no value. */
  undeclared: v.optional(
    v.fallback(
      v.nullable(
        v.pipe(
          entries,
          v.check((value) => !isPlaceholder(value)),
          v.record(v.string(), knownString),
        ),
      ),
      null,
    ),
    {},
  ),
});

const optionalString = v.fallback(v.optional(v.string()), undefined);

/** What a resource in a state or on one side of a step has, whatever tool it belongs to. The schema accepts any object. */
export const resourceFieldsSchema = v.object({
  id: knownString,
  /**
   * Which provider manages it: its URN, its address in a Terraform state file, or the key of its configuration in a plan. In a
   * {@link ResourceState}, the URN has no id, and dynamic resources have no provider.
   */
  provider: optionalString,
  inputs: v.fallback(v.optional(inputsSchema, {}), () => v.parse(inputsSchema, {})),
  outputs: v.fallback(v.optional(outputsSchema, {}), () => v.parse(outputsSchema, {})),
  protect: flag,
  external: flag,
  /** An interrupted replacement left it behind, and it is still to be deleted. On the old side of a step, also: it will be replaced. */
  delete: flag,
  /** It was deleted first, and its replacement is still to be created. On the old side of a step, also: it will be deleted first. */
  pendingReplacement: flag,
  retainOnDelete: flag,
  /** A URN. The engine's events lack it. */
  deletedWith: optionalString,
  /** URNs. Empty for the engine's events and for Terraform. */
  dependencies: v.fallback(v.optional(v.array(v.string()), []), []),
});

export type ResourceFields = v.InferOutput<typeof resourceFieldsSchema>;

/** A resource in a state, or on one side of a step. */
export interface ResourceState extends ResourceFields, ResourceKind {
  /** Only on the old side of a step: no request deletes it, because the resource of `deletedWith` is deleted in the same operation. */
  isDeletedWith?: true;
}

/** A resource that manages connections, in a state. */
export interface StateResource {
  resource: ResourceRef;
  state: ResourceState;
}

/** Creates the state of a resource about which nothing is known. */
export const createEmptyState = ({ tool, form }: ResourceKind): ResourceState => ({
  ...v.parse(resourceFieldsSchema, {}),
  tool,
  form,
});

/** Reads the types of an input: a list, a placeholder, or nothing. */
function readTypes(value: unknown): ConnectionTypes {
  if (value === undefined || value === null) return { connectionTypes: [], openTypes: "unspecified" };
  if (!Array.isArray(value)) return { connectionTypes: [], openTypes: "unknown" };
  const types = value.filter((type): type is string => typeof type === "string" && !isPlaceholder(type));
  return {
    connectionTypes: types.toSorted(),
    openTypes: types.length < value.length ? "unknown" : undefined,
  };
}

/** Reads a list of types; undefined unless every type is known. */
function readAllTypes(value: unknown): string[] | undefined {
  const { connectionTypes, openTypes } = readTypes(value);
  return openTypes === undefined ? [...connectionTypes] : undefined;
}
