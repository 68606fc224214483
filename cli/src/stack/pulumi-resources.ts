import {
  isDefaultProviderName,
  PLUGIN_SET_TYPE,
  PLUGIN_SINGLE_TYPE,
  SET_TYPE,
  SINGLE_TYPE,
} from "datadog-org-connections-core/host/type-tokens.js";
import * as v from "valibot";
import { INVISIBLE } from "../shared/text.js";
import { resourceFieldsSchema, type ResourceFields, type ResourceState } from "./resource-state.js";
import { isPlugin, type ResourceKind, type ResourceRef } from "./resources.js";
import type { ProviderFacts, SourcePosition } from "./step.js";

/** The type of a connection in `@pulumi/datadog`. */
export const OFFICIAL_TYPE = "datadog:index/orgConnection:OrgConnection";

const KINDS: ReadonlyMap<unknown, ResourceKind> = new Map<string, ResourceKind>([
  [SINGLE_TYPE, { tool: "datadog-org-connections", form: "single" }],
  [SET_TYPE, { tool: "datadog-org-connections", form: "set" }],
  [PLUGIN_SINGLE_TYPE, { tool: "datadog-org-connections-plugin", form: "single" }],
  [PLUGIN_SET_TYPE, { tool: "datadog-org-connections-plugin", form: "set" }],
  [OFFICIAL_TYPE, { tool: "pulumi-datadog", form: "single" }],
]);

/** Returns the kind of the resources with this type, if they manage connections. */
const getResourceKind = (type: unknown): ResourceKind | undefined => KINDS.get(type);

/**
 * Creates a reference to a resource of a stack.
 *
 * @param provider - the URN of the provider. Used only for a resource of the plugin
 */
export const createUrnRef = (urn: string, kind: ResourceKind, provider?: string): ResourceRef => ({
  ...kind,
  location: getStackName(urn),
  address: urn,
  name: getUrnName(urn),
  ...(isPlugin(kind) && provider !== undefined && { provider }),
});

/** Whether a URN identifies a provider resource. */
export const isProviderUrn = (urn: string): boolean =>
  getUrnType(urn)?.startsWith("pulumi:providers:") === true;

/** Whether a URN identifies a stack. A preview shows an unchanged stack even if it omits all other unchanged resources. */
export const isStackUrn = (urn: string): boolean => getUrnType(urn) === "pulumi:pulumi:Stack";

/** Returns `type` from a URN such as `urn:pulumi:stack::project::parent$type::name`. */
const getUrnType = (urn: string): string | undefined => urn.split("::")[2]?.split("$").at(-1);

/** Parses the stack and the project in a URN such as `urn:pulumi:dev::acme::type::name`. */
export function parseStack(urn: string): { project: string; stack: string } | undefined {
  const [, stack, project] = /^urn:pulumi:(.*?)::(.*?)::/.exec(urn) ?? [];
  return stack === undefined || project === undefined ? undefined : { stack, project };
}

/** Returns the stack in the URN of a resource, as `project/stack`, or `an unknown stack` if the URN cannot be parsed. */
export function getStackName(urn: string): string {
  const { project, stack } = parseStack(urn) ?? {};
  return stack === undefined ? "an unknown stack" : `${project}/${stack}`;
}

/** Returns the name in the URN of a resource: everything after the third `::`, or `(without a URN)` for an empty string. */
const getUrnName = (urn: string): string => urn.split("::").slice(3).join("::") || "(without a URN)";

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
interface PulumiResource {
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
  getResourceKind(resource?.type) ?? getResourceKind(getUrnType(urn));

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

/**
 * Reads a provider resource. Returns `undefined` for a provider of a program with the name of a default provider: the engine hides
 * each change of a provider with such a name, so its state proves nothing.
 */
export function readProviderFacts(
  urn: string,
  { parent, fields }: PulumiResource,
): ProviderFacts | undefined {
  const hasDefaultName = isDefaultProviderName(getUrnName(urn));
  if (hasDefaultName && parent !== undefined) return undefined;
  const { checks, apiKey, bearerToken, identity } = fields.inputs;
  return {
    urn,
    isOfStack: hasDefaultName,
    // An unknown value may be `offline`.
    isUnchecked: checks !== undefined && checks !== "online",
    hasCredentials: [apiKey, bearerToken, identity].some((value) => value !== undefined),
  };
}

/**
 * Matches the engine's format, with the line and the column: `project:///index.ts#12,3`. The path is percent-encoded. Real
 * positions do not reach the length limits of the expression.
 */
const POSITION = /^project:\/\/\/(?<path>[^#?]{1,1000})#(?<line>[1-9]\d{0,8}),(?<column>[1-9]\d{0,8})$/;

/**
 * Parses a position in the engine's format. The input is untrusted. Every part of the path must be a plain name ({@link isName}).
 * Otherwise, the path could be outside of the folder of the project.
 *
 * @returns `undefined` if the path is refused, or if the position has another format
 */
export function parseSourcePosition(text: string): SourcePosition | undefined {
  const { path = "", line, column } = POSITION.exec(text)?.groups ?? {};
  const file = decodePath(path);
  if (file === undefined || !file.split("/").every(isName)) return undefined;
  return { file, line: Number(line), column: Number(column) };
}

/**
 * Finds the first valid position outside of `node_modules`. The repository of a program does not contain `node_modules`, so a
 * reader cannot open a file there.
 *
 * @param positions - the position of the resource, then the positions in the program's call stack, innermost call first
 */
export function findSourcePosition(positions: readonly (string | undefined)[]): SourcePosition | undefined {
  return positions
    .map((position) => (position === undefined ? undefined : parseSourcePosition(position)))
    .find((position) => position !== undefined && !position.file.split("/").includes("node_modules"));
}

function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/**
 * Whether a part of a path is a plain name. A plain name is not empty, `.` or `..`. It has no characters that Windows reserves, and
 * no invisible characters except the space (U+0020).
 */
const isName = (part: string): boolean => part !== "" && part !== "." && part !== ".." && !REFUSED.test(part);

const REFUSED = new RegExp(String.raw`[\\:*?"<>|]|(?! )[${INVISIBLE}]`, "u");
