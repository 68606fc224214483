import { types } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { encodeText } from "datadog-org-connections-core/text/escape-text.js";
import { isPlainObject, copyValue } from "./copy-value.js";
import { CustomResource, Output, Resource } from "./sdk.js";

/** Formats a resource for messages: `OrgConnection "hub"`. Different names have different labels. */
export function formatResourceLabel(kind: string, name: unknown): string {
  if (typeof name === "string" && name !== "" && !/\p{Cs}/u.test(name))
    return `${kind} "${encodeText(name)}"`;
  throw new OrgConnectionsError(
    "invalid-input",
    `The name of an ${kind} must be a non-empty string without a lone surrogate (half of a character).`,
  );
}

/**
 * Formats what identifies a resource in its program, as its URN does: the types of its parents, and its label. The URN itself is an
 * output, which is known too late.
 */
export function formatResourceKey(label: string, options: pulumi.ResourceOptions | undefined): string {
  const types: string[] = [];
  let parent = options?.parent as ParentResource | undefined;
  for (; parent; parent = parent.__parentResource) types.unshift(parent.__pulumiType ?? "");
  return [...types, label].join("$");
}

/** The internal fields of a resource of the SDK from which it derives the URNs of the children. */
interface ParentResource {
  __pulumiType?: string;
  __parentResource?: ParentResource;
}

/**
 * Reads the arguments of a resource, each once, so that the checked values are the registered ones. The SDK silently omits
 * what it cannot send (functions, the content of a Map, some keys), so a connection would be missing, or be created with
 * other credentials. Check reports values of a wrong type.
 *
 * @throws `invalid-input`
 */
export function readInputs<Args extends object>(resource: string, args: Args): Args {
  const read = readArguments(resource, args);
  const internal = Object.keys(read).find(isInternalProperty);
  if (internal === undefined) return read as Args;
  throw new OrgConnectionsError("invalid-input", `${resource}: \`${encodeText(internal)}\` is not an input.`);
}

/** Whether a property is reserved: the SDK uses it itself or every resource has it, so check would not receive it. */
const isInternalProperty = (key: string): boolean =>
  key === "id" || key === "urn" || key.startsWith("__") || key in CustomResource.prototype;

/** Reads the arguments of a resource or a function by name. Values may be Outputs or Promises. @throws `invalid-input` */
export function readArguments(owner: string, args: unknown): Record<string, unknown> {
  const refuse = () =>
    new OrgConnectionsError("invalid-input", `${owner} takes a plain object of arguments.`);
  let entries: [string, unknown][];
  try {
    if (!isPlainObject(args) || Object.getOwnPropertySymbols(args).length > 0) throw refuse();
    entries = Object.entries(args as object);
  } catch {
    // The error of a getter does not say which resource's argument failed.
    throw refuse();
  }
  const read = entries.map(
    ([key, value]) => [key, copyValue(`${owner}: \`${encodeText(key)}\``, value)] as const,
  );
  return Object.fromEntries(read);
}

/**
 * Reads the options of a resource. Only `parent` is checked here, because this package calls a method of it; the SDK checks
 * the others.
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
    // Refused below.
  }
  throw new OrgConnectionsError(
    "invalid-input",
    `${resource}: the resource options must be an object, and \`parent\` must be a resource.`,
  );
}

const isParent = (parent: unknown): boolean =>
  !parent || (Resource.isInstance(parent) && typeof parent.getProvider === "function");

/** Reads the ID of an existing connection. Without an ID, `get` would declare a new resource. @throws `invalid-input` */
export function readId(resource: string, id: pulumi.Input<pulumi.ID>): pulumi.Input<pulumi.ID> {
  const read = copyValue(`${resource}: \`id\``, id);
  const isNonEmptyString = typeof read === "string" && read.trim() !== "";
  if (isNonEmptyString || types.isPromise(read) || Output.isInstance(read))
    return read as pulumi.Input<pulumi.ID>;
  throw new OrgConnectionsError(
    "invalid-input",
    `${resource}: the second argument of \`get\` must be the UUID of a connection, but it is missing or not a string.`,
  );
}
