import { types } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { encodeText } from "datadog-org-connections-core/text/escape-text.js";
import { Output } from "./sdk.js";

/** More than any argument needs. Recursive functions, including the SDK's, do not overflow the stack at this depth. */
const MAX_DEPTH = 100;
/** More than any program declares in one argument. */
const MAX_VALUES = 1_000_000;

/**
 * Copies an argument of a program, and reads each part once. Outputs and Promises remain Outputs and Promises; their content
 * is copied in the same way when it is available. Error messages contain no value, because it may be secret.
 *
 * @param argument - the argument, formatted for messages
 * @throws `invalid-input` for a value that Pulumi cannot send to the engine unchanged
 */
export const copyValue = (argument: string, value: unknown): unknown =>
  new ValueCopier(argument).copyArgument(value);

/** Whether a value is a plain object (not an array or an instance of a class), from any realm. */
export function isPlainObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || prototype === Object.prototype) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
}

/** Its type differs from the SDK's own type guard, which narrows an object to `never`. */
const isOutput = (value: unknown): value is pulumi.Output<unknown> => Output.isInstance(value);

/**
 * Whether a copy cannot have this key: `__proto__`, which cannot be assigned, the SDK's markers of its own objects, and the
 * methods that it calls to print a value.
 */
const isReserved = (key: string): boolean =>
  key.startsWith("__pulumi") || ["__proto__", "toString", "valueOf"].includes(key);

class ValueCopier {
  private count = 0;
  /** The objects that contain the one being copied. */
  private readonly ancestors = new Set<object>();
  private refusal: unknown;

  constructor(private readonly argument: string) {}

  /** Copies the whole argument. @throws `invalid-input` */
  copyArgument(value: unknown): unknown {
    try {
      return this.copy(value);
    } catch (error) {
      if (error === this.refusal) throw error;
      // A getter or a Proxy of the program failed. Its error does not identify the argument.
      throw this.createRefusal("a value that fails when it is read");
    }
  }

  private copy(value: unknown): unknown {
    if (++this.count > MAX_VALUES) throw this.createRefusal("more than a million values");
    switch (typeof value) {
      case "string":
        return this.checkString(value);
      case "function":
      case "symbol":
      case "bigint":
        throw this.createRefusal(`a ${typeof value}`);
      case "object":
        return value === null ? value : this.copyObject(value);
      case "undefined":
      case "boolean":
      case "number":
        return value;
    }
  }

  /** Protocol buffers cannot contain a lone surrogate: the SDK omits it, or the engine rejects the message. */
  private checkString(value: string): string {
    if (/\p{Cs}/u.test(value)) throw this.createRefusal("a lone surrogate (half of a character)");
    return value;
  }

  private copyObject(value: object): unknown {
    if (types.isPromise(value)) return this.copyPromise(value);
    if (isPlainObject(value) || Array.isArray(value)) {
      if (this.ancestors.has(value)) throw this.createRefusal("itself");
      if (this.ancestors.size >= MAX_DEPTH) throw this.createRefusal(`more than ${MAX_DEPTH} levels`);
      this.ancestors.add(value);
      const copy = Array.isArray(value) ? this.copyItems(value) : this.copyFields(value);
      this.ancestors.delete(value);
      return copy;
    }
    if (isOutput(value)) return value.apply((known: unknown) => copyValue(this.argument, known));
    throw this.createRefusal("an instance of a class (such as a Map, a Set, a Date or a resource)");
  }

  /** Copies the content of a Promise when it is available. */
  private copyPromise(promise: Promise<unknown>): Promise<unknown> {
    const settled = Promise.prototype.then.call(
      promise,
      (known: unknown) => copyValue(this.argument, known),
      (reason: unknown) => {
        // An error of the program is reported as it is.
        throw types.isNativeError(reason) ? reason : this.createRefusal("a Promise that was rejected");
      },
    );
    // The SDK only awaits Promises of its own realm. Jest runs a program in its own realm, so the Promises of Node's modules
    // belong to another one.
    const copied = Promise.resolve(settled);
    // The SDK awaits the arguments one by one, and reports the error then. Until then, Node must not treat it as unhandled.
    copied.catch(() => undefined);
    return copied;
  }

  private copyItems(list: readonly unknown[]): unknown[] {
    const { length } = list;
    // A Proxy may return any length.
    if (!(length >= 0 && this.count + length <= MAX_VALUES))
      throw this.createRefusal("more than a million values");
    return Array.from({ length }, (_, at) => this.copy(list[at]));
  }

  private copyFields(from: object): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    for (const key of Reflect.ownKeys(from)) {
      if (!Object.prototype.propertyIsEnumerable.call(from, key)) continue;
      if (typeof key === "symbol") throw this.createRefusal("a symbol as a key");
      if (isReserved(key)) throw this.createRefusal(`the key \`${encodeText(key)}\`, which is reserved`);
      // The SDK would omit a key without a value, but check must refuse a destination without types.
      copy[this.checkString(key)] = this.copy((from as Record<string, unknown>)[key]) ?? null;
    }
    return copy;
  }

  /** @param found - what the argument contains, such as `a symbol` */
  private createRefusal(found: string): OrgConnectionsError {
    const error = new OrgConnectionsError("invalid-input", {
      happened: `${this.argument} contains ${found}.`,
      advice: "Pass strings, booleans, arrays and plain objects, or an Output or a Promise of them.",
    });
    this.refusal = error;
    return error;
  }
}
