import { types } from "node:util";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { encodeText } from "datadog-org-connections-core/text/escape-text.js";
import { Output } from "./sdk.js";
import type * as pulumi from "@pulumi/pulumi";

/** Formats a resource for messages: `OrgConnection "hub"`. */
export function formatResourceLabel(kind: string, name: unknown): string {
  if (typeof name === "string" && name !== "") return `${kind} "${encodeText(name)}"`;
  throw new OrgConnectionsError("invalid-input", `The name of an ${kind} must be a non-empty string.`);
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

/**
 * Reads the arguments of a resource, each once, so that the checked values are the registered ones. The SDK silently omits
 * what it cannot send (functions, the content of a Map, some keys), so a connection would be missing, or be created with
 * other credentials. Check reports values of a wrong type.
 *
 * @throws `invalid-input`
 */
export function readInputs<Args extends object>(resource: string, args: Args): Args {
  const entries = Object.entries(readArguments(resource, args)).map(([key, value]) => {
    const argument = `\`${encodeText(key)}\``;
    // The SDK uses it itself, so check would not receive it.
    if (key === "id" || key === "urn" || key.startsWith("__"))
      throw new OrgConnectionsError("invalid-input", `${resource}: ${argument} is not an input.`);
    return [key, copyValue(`${resource}: ${argument}`, value)] as const;
  });
  return Object.fromEntries(entries) as Args;
}

/**
 * Reads the arguments of a resource or a function by name. Of a Promise, an Output or an instance of a class, nothing would be read, and
 * the default organization would be used.
 *
 * @throws `invalid-input`
 */
export function readArguments(owner: string, args: unknown): Record<string, unknown> {
  if (isPlainObject(args)) return { ...(args as Record<string, unknown>) };
  throw new OrgConnectionsError("invalid-input", `${owner} takes a plain object of arguments.`);
}

/** Whether a value is a plain object (not an array or an instance of a class), from any realm. */
export function isPlainObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || prototype === Object.prototype) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
}

/**
 * Copies an argument of a program, and refuses what the SDK would omit or change silently (`serializeProperty` in
 * pulumi/pulumi, sdk/nodejs/runtime/rpc.ts). Outputs and Promises remain Outputs and Promises; their content is copied in the
 * same way when it is available. Error messages contain no value, because it may be secret.
 *
 * @param argument - the argument, formatted for messages
 * @throws `invalid-input`
 */
export function copyValue(argument: string, value: unknown): unknown {
  if (typeof value === "function") throw createRefusal(argument, "a function");
  if (typeof value === "string") return checkString(argument, value);
  if (typeof value !== "object" || value === null) return value;
  if (types.isPromise(value)) return copyPromise(argument, value);
  if (isOutput(value)) return value.apply((known: unknown) => copyValue(argument, known));
  if (Array.isArray(value)) return Array.from(value, (item: unknown) => copyValue(argument, item));
  if (isPlainObject(value)) return copyFields(argument, value);
  throw createRefusal(argument, "an instance of a class (such as a Map, a Set, a Date or a resource)");
}

/** Protocol buffers cannot contain a lone surrogate: the SDK omits it, or the engine rejects the message. */
function checkString(argument: string, value: string): string {
  if (/\p{Cs}/u.test(value)) throw createRefusal(argument, "a lone surrogate (half of a character)");
  return value;
}

function copyPromise(argument: string, promise: Promise<unknown>): Promise<unknown> {
  // The SDK only awaits Promises of its own realm. Jest runs a program in its own realm, so the Promises of Node's modules
  // belong to another one.
  const copied = Promise.resolve(promise).then((known) => copyValue(argument, known));
  // The SDK awaits the arguments one by one, and reports the error then. Until then, Node must not treat it as unhandled.
  copied.catch(() => undefined);
  return copied;
}

function copyFields(argument: string, from: object): Record<string, unknown> {
  const fields = Object.entries(from).map(([key, value]) => {
    if (isReserved(key)) throw createRefusal(argument, `the key \`${encodeText(key)}\`, which is reserved`);
    // The SDK would omit a key without a value, but check must refuse a destination without types.
    return [checkString(argument, key), copyValue(argument, value) ?? null] as const;
  });
  return Object.fromEntries(fields);
}

/**
 * Whether the SDK would not send this key as data: it assigns `__proto__`, which sets the prototype, takes its own markers for one of
 * its objects, and calls the methods to print a value.
 */
const isReserved = (key: string): boolean =>
  key.startsWith("__pulumi") || ["__proto__", "toString", "valueOf"].includes(key);

/** @param found - what the argument contains, such as `a function` */
const createRefusal = (argument: string, found: string): OrgConnectionsError =>
  new OrgConnectionsError("invalid-input", {
    happened: `${argument} contains ${found}.`,
    advice: "Pass strings, booleans, arrays and plain objects, or an Output or a Promise of them.",
  });

/** Its type differs from the SDK's own type guard, which narrows an object to `never`. */
const isOutput = (value: unknown): value is pulumi.Output<unknown> => Output.isInstance(value);
