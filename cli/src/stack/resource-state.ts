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

// A field in an unexpected format counts as unknown, with these exceptions: a flag is false, `deletedWith` counts as not set, and `inputs`,
// `outputs`, `dependencies` and the `connections` of the outputs are empty. Fields that this version does not recognize are left out.
const knownString = dropUnknown(v.string());
const flag = v.fallback(v.optional(v.boolean(), false), false);
/** The schema of an object with any entries. A list is refused, because an empty list would count as an object without entries. */
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
  /** Set only for a provider of the plugin. */
  checks: allowUnknown(v.string()),
  sinkOrgId: knownString,
  connectionTypes: declaredTypes,
  /** The destinations of a set. A destination that is a placeholder has no `sinkOrgId`. */
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
  /**
   * The types by destination, for a set. In a state, a secret is a placeholder object. Its properties become entries too: ignore those
   * whose names are not UUIDs.
   */
  connections: v.fallback(v.optional(v.record(v.string(), allTypes), {}), {}),
  /**
   * The members by destination, for a set; undefined if unknown. A member that is unknown has no value. In a state, the placeholder of
   * a secret is an object: each of its properties counts as an unknown member.
   */
  members: v.fallback(
    v.optional(v.pipe(entries, v.record(v.string(), v.fallback(v.optional(memberSchema), undefined)))),
    undefined,
  ),
  /** The IDs of the undeclared connections by destination, for a set; null if unknown. An ID that is unknown has no value. */
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

/** The schema of the fields that a resource of any tool has, in a state or on one side of a step. It accepts any object. */
export const resourceFieldsSchema = v.object({
  id: knownString,
  /**
   * The provider of the resource. In Pulumi, this is the URN of the provider, followed by its ID; in a Terraform state file, the address
   * of the provider; in a plan, the key of the provider's configuration. In a {@link ResourceState}, the URN is not followed by the ID,
   * and a dynamic resource has no provider.
   */
  provider: optionalString,
  inputs: v.fallback(v.optional(inputsSchema, {}), () => v.parse(inputsSchema, {})),
  outputs: v.fallback(v.optional(outputsSchema, {}), () => v.parse(outputsSchema, {})),
  protect: flag,
  /** Whether the resource is a reference (`OrgConnection.get`), which the stack reads and does not manage. */
  external: flag,
  /**
   * Whether the resource is the leftover of an interrupted replacement, still to be deleted. On the old side of a step, this can also
   * mean that the step replaces the resource.
   */
  delete: flag,
  /**
   * Whether an interrupted replacement has deleted the resource and not yet created the new one. On the old side of a step, this can
   * also mean that the step deletes the resource before it creates the new one.
   */
  pendingReplacement: flag,
  /** Whether the connection stays live when the resource is deleted. */
  retainOnDelete: flag,
  /** The URN of another resource. If both are deleted, this resource needs no delete request. Left out in the engine's events. */
  deletedWith: optionalString,
  /** URNs. Empty for the engine's events and for Terraform. */
  dependencies: v.fallback(v.optional(v.array(v.string()), []), []),
});

export type ResourceFields = v.InferOutput<typeof resourceFieldsSchema>;

/** A resource in a state, or on one side of a step. */
export interface ResourceState extends ResourceFields, ResourceKind {
  /**
   * Only on the old side of a step: no request deletes the connection, because the resource of `deletedWith` is deleted in the same
   * operation.
   */
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

/** Reads connection types. A missing value counts as unspecified, and any other value that is not a list counts as unknown. */
function readTypes(value: unknown): ConnectionTypes {
  if (value === undefined || value === null) return { connectionTypes: [], openTypes: "unspecified" };
  if (!Array.isArray(value)) return { connectionTypes: [], openTypes: "unknown" };
  const types = value.filter((type): type is string => typeof type === "string" && !isPlaceholder(type));
  return {
    connectionTypes: types.toSorted(),
    openTypes: types.length < value.length ? "unknown" : undefined,
  };
}

/** Reads a list of types. Returns `undefined` unless all types are known. */
function readAllTypes(value: unknown): string[] | undefined {
  const { connectionTypes, openTypes } = readTypes(value);
  return openTypes === undefined ? [...connectionTypes] : undefined;
}
