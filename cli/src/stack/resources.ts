import * as v from "valibot";
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

const exported = v.object({ deployment: v.object({ resources: v.optional(v.array(v.unknown()), []) }) });

/**
 * The resources in what `pulumi stack export` prints.
 * @throws an error that says what the text should be
 */
export function resourcesIn(state: unknown, name = "That"): unknown[] {
  const parsed = v.safeParse(exported, state);
  if (parsed.success) return parsed.output.deployment.resources;
  throw new Error(`${name} is no state of a stack. What \`pulumi stack export\` prints is needed, whole.`);
}

const named = v.object({
  urn: v.fallback(v.string(), ""),
  type: v.fallback(v.optional(v.string()), undefined),
});

/** What a resource says of itself, where its type or its URN says that it is ours. */
export function identify(resource: unknown): UnreadableResource | undefined {
  const parsed = v.safeParse(named, resource);
  if (!parsed.success) return undefined;
  const { urn, type } = parsed.output;
  const form = formOf(type) ?? formOf(typeIn(urn));
  return form && { urn, name: nameOf(urn), form };
}

/** The type under which the engine knows a form. */
export const typeOf = (form: Form): string => (form === "single" ? SINGLE_TYPE : SET_TYPE);

function formOf(type: string | undefined): Form | undefined {
  if (type === SINGLE_TYPE) return "single";
  return type === SET_TYPE ? "set" : undefined;
}

/** The type in a URN, behind those of its parents: `urn:pulumi:stack::project::parent$type::name`. */
const typeIn = (urn: string): string | undefined => urn.split("::")[2]?.split("$").at(-1);

/** The stack of a resource, as `project/stack`, from its URN. */
export function stackOf(urn: string): string {
  const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return `${project}/${stack}`;
}

/** The name of a resource, from its URN: what stands behind its third `::`. */
export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::") || "(without a URN)";
