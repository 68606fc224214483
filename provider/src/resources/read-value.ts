import type * as pulumi from "@pulumi/pulumi";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { encodeText } from "datadog-org-connections-core/api/invisible.js";
import { Output } from "./sdk.js";

/** Deeper than any argument, and shallow enough for what walks it recursively (the SDK, too). */
const MAX_DEPTH = 100;
/** More than any program declares in one argument. */
const MAX_VALUES = 1_000_000;

/**
 * A copy of what a program passes for one argument, each part read once, Outputs and Promises as such: what they hold is
 * read in the same way when it is there. The message of a refusal repeats no value, since it may be a secret.
 *
 * @param what - how messages name the argument
 * @throws `invalid-input` for what Pulumi cannot send to the engine as it is
 */
export const readValue = (what: string, value: unknown): unknown => new Reader(what).read(value);

/** Whether it is an object with its own properties only, of whichever realm. */
export function isPlainObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || prototype === Object.prototype) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
}

/** Typed for any object: the SDK's own guard leaves nothing of one. */
const isOutput = (value: unknown): value is pulumi.Output<unknown> => Output.isInstance(value);

/**
 * What no copy can have by assignment (`__proto__`), what the SDK takes for the marks of its own objects, and what it calls
 * to print a value.
 */
const isReserved = (key: string): boolean =>
  key.startsWith("__pulumi") || ["__proto__", "toString", "valueOf"].includes(key);

class Reader {
  private count = 0;
  /** The objects around the one that is being read. */
  private readonly around = new Set<object>();
  private refused: unknown;

  constructor(private readonly what: string) {}

  read(value: unknown): unknown {
    try {
      return this.copy(value);
    } catch (error) {
      if (error === this.refused) throw error;
      // A getter or a Proxy of the program: whatever it throws says nothing of the argument.
      throw this.refusal("something that fails when it is read");
    }
  }

  private copy(value: unknown): unknown {
    if (++this.count > MAX_VALUES) throw this.refusal("more than a million values");
    switch (typeof value) {
      case "string":
        return this.text(value);
      case "function":
      case "symbol":
      case "bigint":
        throw this.refusal(`a ${typeof value}`);
      case "object":
        return value === null ? value : this.copyObject(value);
      case "undefined":
      case "boolean":
      case "number":
        return value;
    }
  }

  /** Protocol buffers cannot hold half of a character: the SDK leaves it out, or the engine rejects the message. */
  private text(text: string): string {
    if (/\p{Cs}/u.test(text)) throw this.refusal("half of a character (a lone surrogate)");
    return text;
  }

  private copyObject(value: object): unknown {
    if (value instanceof Promise) return this.later(value);
    if (isPlainObject(value) || Array.isArray(value)) {
      if (this.around.has(value)) throw this.refusal("itself");
      if (this.around.size >= MAX_DEPTH) throw this.refusal(`more than ${MAX_DEPTH} levels`);
      this.around.add(value);
      const copy = Array.isArray(value) ? this.items(value) : this.fields(value);
      this.around.delete(value);
      return copy;
    }
    if (isOutput(value)) return value.apply((known: unknown) => readValue(this.what, known));
    throw this.refusal("an object of a class (a Map, a Set, a Date, a resource)");
  }

  private later(promise: Promise<unknown>): Promise<unknown> {
    const read = Promise.prototype.then.call(
      promise,
      (known: unknown) => readValue(this.what, known),
      (reason: unknown) => {
        // An error of the program is reported as it is.
        throw reason instanceof Error ? reason : this.refusal("a Promise that was rejected");
      },
    );
    // The SDK waits for one argument after another, and reports it then.
    read.catch(() => undefined);
    return read;
  }

  private items(list: readonly unknown[]): unknown[] {
    const { length } = list;
    // Of a Proxy it may be anything.
    if (!(length >= 0 && this.count + length <= MAX_VALUES)) throw this.refusal("more than a million values");
    return Array.from({ length }, (_, at) => this.copy(list[at]));
  }

  private fields(from: object): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    for (const key of Reflect.ownKeys(from)) {
      if (!Object.prototype.propertyIsEnumerable.call(from, key)) continue;
      if (typeof key === "symbol") throw this.refusal("a symbol as a key");
      if (isReserved(key)) throw this.refusal(`the key \`${encodeText(key)}\`, which is reserved`);
      // The SDK would leave out a key without a value: a destination without types is for check to refuse.
      copy[this.text(key)] = this.copy((from as Record<string, unknown>)[key]) ?? null;
    }
    return copy;
  }

  private refusal(found: string): OrgConnectionsError {
    const error = new OrgConnectionsError("invalid-input", {
      happened: `${this.what} holds ${found}.`,
      advice: "Pass strings, booleans, arrays and plain objects, or an Output or a Promise of them.",
    });
    this.refused = error;
    return error;
  }
}
