/** Values that a JavaScript program can pass instead of a string or list, and that JSON cannot represent. */
import { Output, output, secret } from "@pulumi/pulumi/output.js";
import fc from "fast-check";
import { hostileJson, hostileString } from "./arbitraries.js";

/** A value, created for each case, and its expected outcome. */
export interface GivenValue {
  /** Shown when a case fails. */
  name: string;
  make: () => unknown;
  /**
   * `sent`: registered unchanged (or rejected, if it is not plain data). `refused`: an error of the package.
   * `failed`: the rejection of a Promise of the program, or an error of the package. `unknown`: registered as
   * unknown.
   */
  outcome: "sent" | "refused" | "failed" | "unknown";
  value?: unknown;
}

class Instance {
  readonly own = ["logs"];
  get source() {
    return "payments";
  }
}

/** Values that the SDK would omit or change silently, by name. */
const REFUSED: Record<string, () => unknown> = {
  "a function": () => () => "payments",
  "a class": () => Instance,
  "a Date": () => new Date(0),
  "a Map": () => new Map([["aaaaaaaa-0001-4000-8000-000000000001", ["logs"]]]),
  "a Set": () => new Set(["logs"]),
  "a WeakMap": () => new WeakMap(),
  "a Buffer": () => Buffer.from("logs"),
  "a boxed string": () => new String("payments"),
  "an Error": () => new Error("canary"),
  "an instance of a class": () => new Instance(),
  "an object that inherits": () => Object.create({ source: "payments" }) as unknown,
  "a key __proto__": () => JSON.parse('{"__proto__":["logs"]}') as unknown,
  "a method that prints": () => ({ toString: 0 }),
  "an object that imitates a resource": () => ({ __pulumiResource: true, __pulumiCustomResource: true }),
  "a lone surrogate": () => ["\ud800"],
  "a key that is a lone surrogate": () => ({ "\udc00": ["logs"] }),
};

/** Values that are sent unchanged, by name. Check validates them. */
const SENT: Record<string, unknown> = {
  NaN: Number.NaN,
  null: null,
  "a number": 7,
  "a long string": "x".repeat(1_000_000),
  "a long list": Array.from({ length: 20_000 }, () => "logs"),
  "names of inherited properties": {
    constructor: ["logs"],
    isPrototypeOf: ["audit"],
    hasOwnProperty: [],
    then: "x",
  },
  "bidirectional text": "\u202eabc\u2066",
};

const toRefusedValue = ([name, make]: [string, () => unknown]): GivenValue => ({
  name,
  make,
  outcome: "refused",
});
const refused = Object.entries(REFUSED).map(toRefusedValue);
const sent: GivenValue[] = Object.entries(SENT).map(([name, value]) => ({
  name,
  make: () => value,
  outcome: "sent",
  value,
}));
const later: GivenValue[] = [
  { name: "a Promise that rejects", make: () => createRejection(new Error("no")), outcome: "failed" },
  { name: "an Output that rejects", make: () => output(createRejection(new Error("no"))), outcome: "failed" },
  { name: "an unknown Output", make: createUnknownOutput, outcome: "unknown" },
];
const any = fc.oneof(hostileJson, hostileString).map((value): GivenValue => ({
  name: `JSON ${JSON.stringify(value).slice(0, 200)}`,
  make: () => value,
  outcome: "sent",
  value,
}));

const PLAIN: Record<string, (value: unknown) => unknown> = {
  "": (value) => value,
  "a list of": (value) => [value],
};
const LATER: Record<string, (value: unknown) => unknown> = {
  "a Promise of": (value) => Promise.resolve(value),
  "an Output of": (value) => output(1).apply(() => value),
  "a secret Output of": (value) => secret(1).apply(() => value),
  "an Output of a Promise of": (value) => output(Promise.resolve(1)).apply(() => Promise.resolve(value)),
};
const wrapValues = (values: fc.Arbitrary<GivenValue>, ways: Record<string, (value: unknown) => unknown>) =>
  fc.tuple(values, fc.constantFrom(...Object.entries(ways))).map(([one, [how, wrap]]) => ({
    ...one,
    name: how === "" ? one.name : `${how} ${one.name}`,
    make: () => wrap(one.make()),
    value: how === "a list of" ? [one.value] : one.value,
  }));

/** Any value: plain, in a list, in a Promise, or in an Output. */
export const given: fc.Arbitrary<GivenValue> = wrapValues(
  fc.oneof(fc.constantFrom(...refused, ...sent, ...later), any),
  { ...PLAIN, ...LATER },
);

function createRejection(reason: unknown): Promise<never> {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a program can reject with anything
  const promise = Promise.reject(reason);
  // Prevents an unhandled rejection if the case does not use the promise.
  promise.catch(() => undefined);
  return promise;
}

/** An unknown Output, as in a preview. */
function createUnknownOutput(): unknown {
  const Constructor = Output as unknown as new (...args: unknown[]) => unknown;
  return new Constructor([], Promise.resolve(undefined), Promise.resolve(false), Promise.resolve(false));
}
