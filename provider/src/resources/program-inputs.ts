import type * as pulumi from "@pulumi/pulumi";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { encodeText } from "datadog-org-connections-core/api/invisible.js";
import { isPlainObject, readValue } from "./read-value.js";
import { CustomResource, Output, Resource } from "./sdk.js";

/** How messages name a resource: `OrgConnection "hub"`. Two names never look the same. */
export function labelResource(kind: string, name: unknown): string {
  if (typeof name === "string" && name !== "" && !/\p{Cs}/u.test(name))
    return `${kind} "${encodeText(name)}"`;
  throw new OrgConnectionsError(
    "invalid-input",
    `The name of an ${kind} must be a string that is not empty, without half of a character (a lone surrogate).`,
  );
}

/**
 * The arguments of a resource, each read once: what is checked here is what is registered. The SDK leaves out, without a
 * word, what it cannot send (functions, what a Map holds, some keys), so that a connection would be missing, or created
 * with other credentials. What arrives in another form than it should is for check to name.
 *
 * @throws `invalid-input`
 */
export function readInputs<Args extends object>(resource: string, args: Args): Args {
  const read = readArguments(resource, args);
  const lost = Object.keys(read).find(isLost);
  if (lost === undefined) return read as Args;
  throw new OrgConnectionsError("invalid-input", `${resource}: \`${encodeText(lost)}\` is no input.`);
}

/** What does not reach check: the SDK keeps it for itself, or every resource has it. */
const isLost = (key: string): boolean =>
  key === "id" || key === "urn" || key.startsWith("__") || key in CustomResource.prototype;

/** The arguments of a resource or a function by name; what they hold may be an Output or a Promise. @throws `invalid-input` */
export function readArguments(of: string, args: unknown): Record<string, unknown> {
  const refuse = () =>
    new OrgConnectionsError("invalid-input", `${of} takes a plain object of arguments, by their names.`);
  let entries: [string, unknown][];
  try {
    if (!isPlainObject(args) || Object.getOwnPropertySymbols(args).length > 0) throw refuse();
    entries = Object.entries(args as object);
  } catch {
    // What a getter throws says nothing of whose argument it is.
    throw refuse();
  }
  const read = entries.map(
    ([key, value]) => [key, readValue(`${of}: \`${encodeText(key)}\``, value)] as const,
  );
  return Object.fromEntries(read);
}

/**
 * The options of a resource, as far as this package goes by them; the others are for the SDK to check.
 *
 * @throws `invalid-input`
 */
export function readOptions<Options extends pulumi.ResourceOptions>(
  resource: string,
  options: Options | null | undefined,
): Options | undefined {
  if (options === undefined || options === null) return undefined;
  try {
    if (typeof options === "object" && isParent(options.parent)) return options;
  } catch {
    // As below.
  }
  throw new OrgConnectionsError(
    "invalid-input",
    `${resource}: the resource options must be an object, and their \`parent\` a resource.`,
  );
}

const isParent = (parent: unknown): boolean =>
  !parent || (Resource.isInstance(parent) && typeof parent.getProvider === "function");

/** The id of a connection that exists. An id that is missing would make a declaration of a view. @throws `invalid-input` */
export function readId(resource: string, id: pulumi.Input<pulumi.ID>): pulumi.Input<pulumi.ID> {
  const read = readValue(`${resource}: \`id\``, id);
  const isText = typeof read === "string" && read.trim() !== "";
  if (isText || read instanceof Promise || Output.isInstance(read)) return read as pulumi.Input<pulumi.ID>;
  throw new OrgConnectionsError(
    "invalid-input",
    `${resource}: \`get\` takes the UUID of a connection as its second argument, which is missing or no string.`,
  );
}
