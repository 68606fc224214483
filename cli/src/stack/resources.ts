import { SET_TYPE, SINGLE_TYPE } from "../../../provider/src/type-tokens.js";

/** The form of a resource: one connection, or a set of connections. */
export type ResourceForm = "single" | "set";

/** The message about a resource that cannot be read completely, after its stack and name. */
export const UNREADABLE_REASON =
  "the state does not show all connections that it manages (a secret, or a format that this version does not recognize)";

/** A reference to a resource of this package. */
export interface ResourceRef {
  /** Empty if it cannot be read. */
  urn: string;
  /** Its name in the program. */
  name: string;
  form: ResourceForm;
}

/**
 * Returns a reference to a resource of this package, or undefined for other resources. If `form` is unknown, it is derived
 * from the type in the URN.
 */
export function identifyResource(urn: string, form: ResourceForm | undefined): ResourceRef | undefined {
  const found = form ?? getResourceForm(getUrnType(urn));
  return found && { urn, name: getResourceName(urn), form: found };
}

/** The form of a resource type, if the type belongs to this package. */
export function getResourceForm(type: unknown): ResourceForm | undefined {
  if (type === SINGLE_TYPE) return "single";
  return type === SET_TYPE ? "set" : undefined;
}

/** Whether a URN is that of a stack. Every preview shows the stack, even if it shows no other unchanged resource. */
export const isStackUrn = (urn: string): boolean => getUrnType(urn) === "pulumi:pulumi:Stack";

/** The type in a URN, without the types of its parents: `urn:pulumi:stack::project::parent$type::name`. */
const getUrnType = (urn: string): string | undefined => urn.split("::")[2]?.split("$").at(-1);

/** The stack in the URN of a resource, as `project/stack`. */
export function getStackName(urn: string): string {
  const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return `${project}/${stack}`;
}

/** The name in the URN of a resource: everything after the third `::`. */
export const getResourceName = (urn: string): string =>
  urn.split("::").slice(3).join("::") || "(without a URN)";
