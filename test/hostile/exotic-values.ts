/** What a JavaScript program can pass where a string or a list is expected, and no JSON can hold. */
import { Output, output, secret } from "@pulumi/pulumi/output.js";
import fc from "fast-check";
import { deepJson, hostileJson, hostileText } from "./arbitraries.js";

/** A value, made anew for each case; and what must come of it. */
export interface Given {
  /** For the report of a failure. */
  name: string;
  make: () => unknown;
  /**
   * `sent`: registered exactly so (or refused, where it is not tame). `refused`: an error of the package. `failed`: the error
   * with which a promise of the program was rejected, or one of the package. `unknown`: registered as not known yet.
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
const cycle = () => {
  const one: Record<string, unknown> = { a: ["logs"] };
  one["again"] = { one };
  return one;
};
const shared = () => {
  let one: unknown = ["logs"];
  for (let depth = 0; depth < 60; depth++) one = [one, one];
  return one;
};
const endless = (): unknown =>
  new Proxy({}, { ownKeys: () => ["a"], getOwnPropertyDescriptor: descriptor, get: endless });
const descriptor = () => ({ value: 1, enumerable: true, configurable: true });
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy as unknown;
};
const throwing = (error: unknown) => () => {
  throw error;
};

/** By name, what Pulumi cannot send as it is. */
const REFUSED: Record<string, () => unknown> = {
  "a function": () => () => "payments",
  "a class": () => Instance,
  "a symbol": () => Symbol("logs"),
  "a BigInt": () => 10n,
  "a Date": () => new Date(0),
  "a Map": () => new Map([["aaaaaaaa-0001-4000-8000-000000000001", ["logs"]]]),
  "a Set": () => new Set(["logs"]),
  "a WeakMap": () => new WeakMap(),
  "a Buffer": () => Buffer.from("logs"),
  "a boxed string": () => new String("payments"),
  "an Error": () => new Error("canary"),
  "an instance of a class": () => new Instance(),
  "an object that inherits": () => Object.create({ source: "payments" }) as unknown,
  "an object within itself": cycle,
  "2^60 references": shared,
  "a key __proto__": () => JSON.parse('{"__proto__":["logs"]}') as unknown,
  "a key that the SDK calls": () => ({ toString: "payments" }),
  "a key that is a symbol": () => ({ [Symbol("x")]: ["logs"] }),
  "what pretends to be a resource": () => ({ __pulumiResource: true, __pulumiCustomResource: true }),
  "a lone surrogate": () => ["\ud800"],
  "a key that is a lone surrogate": () => ({ "\udc00": ["logs"] }),
};

/** What an Output of the SDK cannot hold either: it fails, or goes on for ever, before it is ours. */
const UNREADABLE: Record<string, () => unknown> = {
  "a getter that throws": () => Object.defineProperty({}, "a", { enumerable: true, get: throwing("canary") }),
  "a getter that throws a Proxy": () =>
    Object.defineProperty({}, "a", { enumerable: true, get: throwing(revoked()) }),
  "a Proxy of which no key can be read": () => new Proxy({}, { ownKeys: throwing(new TypeError("canary")) }),
  "a Proxy that was revoked": revoked,
  "a Proxy without an end": endless,
  "a list whose length is no number": () => new Proxy([], { get: () => Number.NaN }),
  "a list of four billion holes": () => new Array<unknown>(2 ** 32 - 1),
  "what pretends to be an Output": () => ({ __pulumiOutput: true }),
  "a Promise that rejects with nothing": () => rejected(undefined),
  "a Promise that rejects with what has no text": () => rejected(Object.create(null)),
  "100,000 levels": () => JSON.parse(deepJson(100_000)) as unknown,
};

/** By name, what is sent as it is; whether it is right is for check. */
const SENT: Record<string, unknown> = {
  NaN: Number.NaN,
  null: null,
  "a number": 7,
  "a long string": "x".repeat(1_000_000),
  "a long list": Array.from({ length: 20_000 }, () => "logs"),
  "the names of what objects inherit": {
    constructor: ["logs"],
    isPrototypeOf: ["audit"],
    hasOwnProperty: [],
    then: "x",
  },
  "bidirectional text": "\u202eabc\u2066",
};

const toRefused = ([name, make]: [string, () => unknown]): Given => ({ name, make, outcome: "refused" });
const refused = Object.entries(REFUSED).map(toRefused);
const unreadable = Object.entries(UNREADABLE).map(toRefused);
const sent: Given[] = Object.entries(SENT).map(([name, value]) => ({
  name,
  make: () => value,
  outcome: "sent",
  value,
}));
const later: Given[] = [
  { name: "a Promise that rejects", make: () => rejected(new Error("no")), outcome: "failed" },
  { name: "an Output that rejects", make: () => output(rejected(new Error("no"))), outcome: "failed" },
  { name: "an unknown Output", make: unknownOutput, outcome: "unknown" },
];
const any = fc.oneof(hostileJson, hostileText).map((value): Given => ({
  name: `JSON ${JSON.stringify(value).slice(0, 200)}`,
  make: () => value,
  outcome: "sent",
  value,
}));

const AT_HAND: Record<string, (value: unknown) => unknown> = {
  "": (value) => value,
  "a list of": (value) => [value],
};
const LATER: Record<string, (value: unknown) => unknown> = {
  "a Promise of": (value) => Promise.resolve(value),
  "an Output of": (value) => output(1).apply(() => value),
  "a secret Output of": (value) => secret(1).apply(() => value),
  "an Output of a Promise of": (value) => output(Promise.resolve(1)).apply(() => Promise.resolve(value)),
};
const wrapped = (values: fc.Arbitrary<Given>, ways: Record<string, (value: unknown) => unknown>) =>
  fc.tuple(values, fc.constantFrom(...Object.entries(ways))).map(([one, [how, wrap]]) => ({
    ...one,
    name: how === "" ? one.name : `${how} ${one.name}`,
    make: () => wrap(one.make()),
    value: how === "a list of" ? [one.value] : one.value,
  }));

/** Anything at all: at hand, in a list, in a Promise, in an Output. */
export const given: fc.Arbitrary<Given> = fc.oneof(
  {
    weight: 4,
    arbitrary: wrapped(fc.oneof(fc.constantFrom(...refused, ...sent, ...later), any), {
      ...AT_HAND,
      ...LATER,
    }),
  },
  { weight: 1, arbitrary: wrapped(fc.constantFrom(...unreadable), AT_HAND) },
);

function rejected(reason: unknown): Promise<never> {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever a program rejects with
  const promise = Promise.reject(reason);
  // Where the case never gets so far, nobody else handles it.
  promise.catch(() => undefined);
  return promise;
}

/** As a preview has it. */
function unknownOutput(): unknown {
  const Constructor = Output as unknown as new (...args: unknown[]) => unknown;
  return new Constructor([], Promise.resolve(undefined), Promise.resolve(false), Promise.resolve(false));
}
