import { FLAG_INPUTS, TEXT_INPUTS } from "datadog-org-connections-core/connection-set/fields.js";
import { UNKNOWN } from "datadog-org-connections-core/connection/types.js";
import * as v from "valibot";
import type { ResourceKind, ResourceRef } from "./resources.js";

/** The placeholder for a secret in a preview (pulumi/pulumi, pkg/backend/display/json.go). */
export const SECRET = "[secret]";
/**
 * The name of the property that marks a special value in a state, such as a secret (pulumi/pulumi, sdk/go/common/resource/sig). The
 * name is written in two parts, because test/repository/files.test.ts would mistake the whole name for an API key.
 */
const SIGNATURE = ["4dabf18193072939", "515e22adb298388d"].join("");

/** Represents a value that is not known before the `up`. */
export const NOT_YET_KNOWN: unique symbol = Symbol("not known before the up");
/** Represents a secret, or a value in a format that this version does not recognize. */
const HIDDEN: unique symbol = Symbol("hidden");

/** Why a value is unknown. */
export type UnknownValue = typeof NOT_YET_KNOWN | typeof HIDDEN;
/** A value of a preview or a state: known, not set, or set and unknown. */
export type MaybeKnown<T> = T | UnknownValue | undefined;

/** Whether a value is set and unknown. */
export const isUnknownValue = (value: unknown): value is UnknownValue =>
  value === NOT_YET_KNOWN || value === HIDDEN;

/** Returns the value if it is known, otherwise `undefined`. */
export const getKnownValue = <T>(value: MaybeKnown<T>): T | undefined =>
  isUnknownValue(value) ? undefined : value;

/** Whether a value in a preview or a state is only a placeholder for the real one. */
export const isPlaceholder = (value: unknown): boolean =>
  value === UNKNOWN ||
  value === SECRET ||
  (typeof value === "object" && value !== null && Object.hasOwn(value, SIGNATURE));

function readMaybeKnown<T>(value: unknown, schema: v.GenericSchema<unknown, T>): MaybeKnown<T> {
  if (value === undefined || value === null) return undefined;
  if (value === UNKNOWN) return NOT_YET_KNOWN;
  const parsed = isPlaceholder(value) ? undefined : v.safeParse(schema, value);
  return parsed?.success === true ? parsed.output : HIDDEN;
}

/** Creates the schema of a field whose value may be a placeholder or have an unexpected format. */
const allowUnknown = <T>(schema: v.GenericSchema<unknown, T>) =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.transform((value) => readMaybeKnown(value, schema)),
    ),
  );

/** Creates the schema of a field. The schema drops a value that is not yet known, is a secret, or has an unexpected format. */
const dropUnknown = <T>(schema: v.GenericSchema<unknown, T>) =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.transform((value) => getKnownValue(readMaybeKnown(value, schema))),
    ),
  );

/** Connection types, as far as they are known. */
export interface ConnectionTypes {
  /** Sorted. */
  connectionTypes: readonly string[];
  /**
   * Why `connectionTypes` may be incomplete:
   * - `unspecified`: Datadog chooses the types.
   * - `unknown`: the preview or the state does not show all types, for example because they are a secret or not yet known.
   */
  openTypes?: "unspecified" | "unknown" | undefined;
}

// Fields that this version does not recognize are left out. A field in an unexpected format counts as unknown, except these fields,
// which get a default value:
// - A flag becomes false.
// - `deletedWith` becomes undefined.
// - `inputs`, `outputs`, `dependencies` and the `connections` of the outputs become empty.
const knownString = dropUnknown(v.string());
const flag = v.fallback(v.optional(v.boolean(), false), false);
/** The schema of an object with any entries. A list is refused, because an empty list would count as an object without entries. */
const entries = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value)),
  v.record(v.string(), v.unknown()),
);

const declaredTypes = v.optional(v.pipe(v.unknown(), v.transform(readTypes)), null);

const isGiven = v.optional(
  v.pipe(
    v.unknown(),
    v.transform(() => true as const),
  ),
);

const inputsSchema = v.object({
  ...v.entriesFromList(TEXT_INPUTS, allowUnknown(v.string())),
  ...v.entriesFromList(FLAG_INPUTS, allowUnknown(v.boolean())),
  /** `online` or `offline`. Only an explicit provider of the plugin, which is a resource too, has this input. */
  checks: allowUnknown(v.string()),
  /** Credentials of an explicit provider. Their values are dropped. */
  apiKey: isGiven,
  bearerToken: isGiven,
  identity: isGiven,
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
   * The types of a set, by destination. In a state, a secret is a placeholder object, whose properties become entries. The
   * reader of this field must ignore entries whose names are not UUIDs.
   */
  connections: v.fallback(v.optional(v.record(v.string(), allTypes), {}), {}),
  /**
   * The members of a set, by destination. Undefined if unknown. An unknown member has no value. In a state, each property of a
   * secret's placeholder counts as an unknown member.
   */
  members: v.fallback(
    v.optional(v.pipe(entries, v.record(v.string(), v.fallback(v.optional(memberSchema), undefined)))),
    undefined,
  ),
  /** The IDs of the undeclared connections of a set, by destination. Null if unknown. An unknown ID has no value. */
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
   * The provider of the resource:
   * - Pulumi: the URN of the provider, followed by its ID. A {@link ResourceState} has only the URN. For a dynamic resource, a
   *   `ResourceState` has no provider.
   * - Terraform state file: the address of the provider.
   * - Terraform plan: the key of the provider's configuration.
   */
  provider: optionalString,
  inputs: v.fallback(v.optional(inputsSchema, {}), () => v.parse(inputsSchema, {})),
  outputs: v.fallback(v.optional(outputsSchema, {}), () => v.parse(outputsSchema, {})),
  protect: flag,
  /** Whether the resource is a reference (`OrgConnection.get`), which the stack reads and does not manage. */
  external: flag,
  /**
   * Whether the resource is the leftover of an interrupted replacement and must still be deleted. On the old side of a step, the
   * flag can also mean that the step replaces the resource.
   */
  delete: flag,
  /**
   * Whether an interrupted replacement has deleted the resource but not yet created the new one. On the old side of a step, the
   * flag can also mean that the step deletes the resource before it creates the new one.
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
   * Set if no request deletes the connection, because the resource in `deletedWith` is deleted in the same operation. Used only on
   * the old side of a step.
   */
  isDeletedWith?: true;
  /**
   * Set for a resource of the plugin if a state proves that the engine created its provider from the stack's configuration. The name
   * of the provider proves nothing, because a program can choose it.
   */
  isOfStackProvider?: true;
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
