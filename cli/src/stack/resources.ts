import { SET_TYPE, SINGLE_TYPE } from "../../../provider/src/type-tokens.js";

/** What a resource of ours is. */
export type Form = "single" | "set";

/** What to say of an {@link UnreadableResource}, behind its stack and name. */
export const NOT_READ =
  "the state does not tell all connections that it manages (a secret, or a form that this version does not know)";

/** A resource of ours of which a state, or a preview, does not tell the connections. */
export interface UnreadableResource {
  /** Empty where not even that can be read. */
  urn: string;
  /** Its name in the program. */
  name: string;
  form: Form;
}

/** What a resource says of itself, where its type (`form`) or its URN says that it is ours. */
export function identify(urn: string, form: Form | undefined): UnreadableResource | undefined {
  const own = form ?? formOf(typeIn(urn));
  return own && { urn, name: nameOf(urn), form: own };
}

/** The form of a type of the engine, where it is ours. */
export function formOf(type: unknown): Form | undefined {
  if (type === SINGLE_TYPE) return "single";
  return type === SET_TYPE ? "set" : undefined;
}

/** Whether a URN is that of a stack: every preview shows it, even where it shows nothing else that is the same. */
export const isStack = (urn: string): boolean => typeIn(urn) === "pulumi:pulumi:Stack";

/** The type in a URN, behind those of its parents: `urn:pulumi:stack::project::parent$type::name`. */
const typeIn = (urn: string): string | undefined => urn.split("::")[2]?.split("$").at(-1);

/** The stack of a resource, as `project/stack`, from its URN. */
export function stackOf(urn: string): string {
  const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return `${project}/${stack}`;
}

/** The name of a resource, from its URN: what stands behind its third `::`. */
export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::") || "(without a URN)";
