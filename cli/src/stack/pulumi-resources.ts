import {
  isDefaultProviderName,
  PLUGIN_SET_TYPE,
  PLUGIN_SINGLE_TYPE,
  SET_TYPE,
  SINGLE_TYPE,
} from "datadog-org-connections-core/host/type-tokens.js";
import { isPlugin, type ResourceKind, type ResourceRef } from "./resources.js";

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
export const getResourceKind = (type: unknown): ResourceKind | undefined => KINDS.get(type);

/** Returns the kind of the resource with this URN, if the resource manages connections. */
export const getUrnKind = (urn: string): ResourceKind | undefined => getResourceKind(getUrnType(urn));

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

/** Whether the engine created a provider from the stack's configuration, because the program specifies no provider. */
export const isDefaultProvider = (urn: string): boolean => isDefaultProviderName(getUrnName(urn));

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
