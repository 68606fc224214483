import * as v from "valibot";
import { getResourceKind, getUrnKind } from "./pulumi-resources.js";
import { resourceFieldsSchema, type ResourceFields, type ResourceState } from "./resource-state.js";
import type { ResourceKind } from "./resources.js";
import { findSourcePosition, type SourcePosition } from "./source-position.js";

const optionalString = v.fallback(v.optional(v.string()), undefined);

const entries = {
  ...resourceFieldsSchema.entries,
  type: v.optional(v.unknown()),
  urn: optionalString,
  parent: optionalString,
  sourcePosition: optionalString,
  /** The ID to import. In the preview of an import, the `id` may be missing or empty. */
  importID: optionalString,
  /** The calls in the program that led to the resource, innermost call first. */
  stackTrace: v.fallback(v.optional(v.array(v.object({ sourcePosition: optionalString })), []), []),
};

/** A resource in the state of a stack, or on one side of a step. */
export interface PulumiResource {
  type?: unknown;
  urn?: string | undefined;
  parent?: string | undefined;
  importId?: string | undefined;
  /** Where the program creates the resource, if known. The engine's events never show it. */
  position?: SourcePosition | undefined;
  fields: ResourceFields;
}

/** The schema of a resource in a state. It accepts any object. */
export const pulumiResourceSchema = v.pipe(
  v.object(entries),
  v.transform((parsed) => toPulumiResource(parsed)),
);

/** The schema of a resource on one side of a step. It accepts any object with a type. */
export const resourceInStepSchema = v.pipe(
  v.object({ ...entries, type: v.string() }),
  v.transform((parsed) => toPulumiResource(parsed)),
);

function toPulumiResource(parsed: v.InferOutput<v.ObjectSchema<typeof entries, undefined>>): PulumiResource {
  const { type, urn, parent, sourcePosition, stackTrace, importID: importId, ...fields } = parsed;
  const calls = stackTrace.map((call) => call.sourcePosition);
  return { type, urn, parent, importId, position: findSourcePosition([sourcePosition, ...calls]), fields };
}

/**
 * Identifies the kind of a resource by its type, otherwise by the type in the URN. Returns `undefined` if the resource does not
 * manage connections.
 */
export const identifyKind = (resource: PulumiResource | undefined, urn: string): ResourceKind | undefined =>
  getResourceKind(resource?.type) ?? getUrnKind(urn);

/**
 * Converts a resource. An alias can move a resource from another tool, so the two sides of a step can have different kinds.
 *
 * @param kind - the kind to use if {@link getResourceKind} returns none for the type of the resource
 */
export function toResourceState({ type, fields }: PulumiResource, kind: ResourceKind): ResourceState {
  const { provider } = fields;
  const ownKind = getResourceKind(type) ?? kind;
  // Leave out the provider of a dynamic resource, because that provider does not decide which credentials are used.
  const hasProvider = ownKind.tool !== "datadog-org-connections" && provider !== undefined;
  // Remove the provider's ID, which follows the URN. The ID is unknown before the provider is created.
  return { ...fields, ...ownKind, provider: hasProvider ? provider.replace(/::[^:]*$/, "") : undefined };
}
