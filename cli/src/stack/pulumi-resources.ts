import { SET_TYPE, SINGLE_TYPE } from "../../../provider/src/type-tokens.js";
import type { ResourceKind, ResourceRef } from "./resources.js";

/** The type of a connection in `@pulumi/datadog`. */
export const OFFICIAL_TYPE = "datadog:index/orgConnection:OrgConnection";

const KINDS: ReadonlyMap<unknown, ResourceKind> = new Map<string, ResourceKind>([
  [SINGLE_TYPE, { tool: "datadog-org-connections", form: "single" }],
  [SET_TYPE, { tool: "datadog-org-connections", form: "set" }],
  [OFFICIAL_TYPE, { tool: "pulumi-datadog", form: "single" }],
]);

/** Returns the kind of resources of a type, if they manage connections. */
export const getResourceKind = (type: unknown): ResourceKind | undefined => KINDS.get(type);

/** Returns the kind of the resource with a URN, if it manages connections. */
export const getUrnKind = (urn: string): ResourceKind | undefined => getResourceKind(getUrnType(urn));

/** Creates a reference to a resource of a stack. */
export const createUrnRef = (urn: string, kind: ResourceKind): ResourceRef => ({
  ...kind,
  location: getStackName(urn),
  address: urn,
  name: getUrnName(urn),
});

/** Whether a URN is that of a configuration of a provider. */
export const isProviderUrn = (urn: string): boolean =>
  getUrnType(urn)?.startsWith("pulumi:providers:") === true;

/** Whether a URN is that of a stack. Every preview shows the stack, even if it shows no other unchanged resource. */
export const isStackUrn = (urn: string): boolean => getUrnType(urn) === "pulumi:pulumi:Stack";

/** Returns the type in a URN, without the types of its parents: `urn:pulumi:stack::project::parent$type::name`. */
const getUrnType = (urn: string): string | undefined => urn.split("::")[2]?.split("$").at(-1);

/** Parses the stack in a URN such as `urn:pulumi:dev::acme::type::name`. */
export function parseStack(urn: string): { project: string; stack: string } | undefined {
  const [, stack, project] = /^urn:pulumi:(.*?)::(.*?)::/.exec(urn) ?? [];
  return stack === undefined || project === undefined ? undefined : { stack, project };
}

/** Returns the stack in the URN of a resource, as `project/stack`. */
export function getStackName(urn: string): string {
  const { project, stack } = parseStack(urn) ?? {};
  return stack === undefined ? "an unknown stack" : `${project}/${stack}`;
}

/** Returns the name in the URN of a resource: everything after the third `::`. */
const getUrnName = (urn: string): string => urn.split("::").slice(3).join("::") || "(without a URN)";
