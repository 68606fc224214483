import * as v from "valibot";
import { flag, parseInputs, sinkId, sourceName, text, types, type Parsed } from "../connection/one-input.js";
import { UNKNOWN, type Wanted } from "../connection/types.js";
import type { PlannedSet, WantedSet } from "./types.js";

const OBJECT = `must be an object: the UUID of each destination, and its types, such as { "4dee724d-…": ["logs"] }.`;
const NO_TYPES = "names no types. A set manages the types of each.";

/** Each destination by the rules of a single connection, in the order of their UUIDs. */
const connections = v.pipe(
  v.custom<Record<string, unknown> | typeof UNKNOWN>((given) => given === UNKNOWN || isObject(given), OBJECT),
  v.rawTransform(({ dataset: { value: given }, addIssue }): PlannedSet["connections"] => {
    if (given === UNKNOWN) return UNKNOWN;
    const read = new Map<string, string[]>();
    for (const [sink, declared] of Object.entries(given)) {
      const refuse = (message: string) =>
        addIssue({
          message,
          path: [{ type: "unknown", origin: "value", input: given, key: sink, value: declared }],
        });
      const id = v.safeParse(sinkId, sink, { abortPipeEarly: true });
      const ofSink = v.safeParse(types, declared, { abortPipeEarly: true });
      if (!ofSink.success) refuse(declared == null ? NO_TYPES : ofSink.issues[0].message);
      if (!id.success) {
        refuse(id.issues[0].message);
        continue;
      }
      if (read.has(id.output)) refuse("stands there twice.");
      read.set(id.output, ofSink.success ? ofSink.output : []);
    }
    return Object.fromEntries([...read].sort(([a], [b]) => (a < b ? -1 : 1)));
  }),
);

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);

const inputs = v.object({
  source: v.optional(sourceName),
  connections,
  exclusive: v.optional(flag),
  adopt: v.optional(flag),
  reason: v.optional(text),
});

/** Normalises and validates the inputs of a set. */
export const normaliseSet = (raw: Readonly<Record<string, unknown>>): Parsed<PlannedSet> =>
  parseInputs(inputs, raw, "OrgConnectionSet");

/** Whether the destinations are known by now. */
export const isKnown = (planned: PlannedSet): planned is WantedSet => planned.connections !== UNKNOWN;

/** The destinations, as far as they are known. */
export const sinksOf = (planned: PlannedSet | undefined): string[] =>
  planned && isKnown(planned) ? Object.keys(planned.connections) : [];

/** One destination of a set, as a single connection would be wanted. */
export function single(
  { source, connections: declared, adopt }: Pick<WantedSet, "source" | "connections" | "adopt">,
  sinkOrgId: string,
): Wanted {
  return { source, sinkOrgId, connectionTypes: declared[sinkOrgId] ?? [], adopt };
}
