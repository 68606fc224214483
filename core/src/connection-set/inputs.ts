import * as v from "valibot";
import { isObject } from "../text/data.js";
import {
  booleanSchema,
  parseResourceInputs,
  savedTypesSchema,
  sinkOrgIdSchema,
  sourceSchema,
  stringSchema,
  connectionTypesSchema,
  type ParsedInputs,
} from "../connection/input-schemas.js";
import { UNKNOWN, type Inputs } from "../connection/types.js";
import type { PlannedSetInputs, SetInputs } from "./types.js";

const NOT_AN_OBJECT = `must be an object with the UUID of each destination and its types, such as { "4dee724d-…": ["logs"] }.`;
const NO_TYPES = "has no types. List at least one type: a set manages the types of each destination.";

/**
 * Creates the schema of `connections`. The schema validates each destination and its types as for a single connection, but requires
 * the types. It sorts the destinations by UUID.
 */
const createConnectionsSchema = (typesSchema: typeof connectionTypesSchema | typeof savedTypesSchema) =>
  v.pipe(
    v.custom<Record<string, unknown> | typeof UNKNOWN>(
      (given) => given === UNKNOWN || isObject(given),
      NOT_AN_OBJECT,
    ),
    v.rawTransform(({ dataset: { value: given }, addIssue }): PlannedSetInputs["connections"] => {
      if (given === UNKNOWN) return UNKNOWN;
      const parsed = new Map<string, string[]>();
      for (const [sink, declared] of Object.entries(given)) {
        const refuse = (message: string) =>
          addIssue({
            message,
            path: [{ type: "unknown", origin: "value", input: given, key: sink, value: declared }],
          });
        const id = v.safeParse(sinkOrgIdSchema, sink, { abortPipeEarly: true });
        const parsedTypes = v.safeParse(typesSchema, declared, { abortPipeEarly: true });
        if (!parsedTypes.success) refuse(declared == null ? NO_TYPES : parsedTypes.issues[0].message);
        if (!id.success) {
          refuse(id.issues[0].message);
          continue;
        }
        if (parsed.has(id.output)) refuse("is listed more than once.");
        parsed.set(id.output, parsedTypes.success ? parsedTypes.output : []);
      }
      return Object.fromEntries([...parsed].sort(([a], [b]) => (a < b ? -1 : 1)));
    }),
  );

/** The inputs that a program declares for a set. */
export const setInputsSchema = v.object({
  source: v.optional(sourceSchema),
  connections: createConnectionsSchema(connectionTypesSchema),
  exclusive: v.optional(booleanSchema),
  adopt: v.optional(booleanSchema),
  reason: v.optional(stringSchema),
});

const savedSetInputsSchema = v.object({
  ...setInputsSchema.entries,
  connections: createConnectionsSchema(savedTypesSchema),
});

/** Normalizes and validates the inputs of a set. */
export const normalizeSetInputs = (raw: Readonly<Record<string, unknown>>): ParsedInputs<PlannedSetInputs> =>
  parseResourceInputs(setInputsSchema, raw, "OrgConnectionSet");

/**
 * Normalizes and validates inputs that check has accepted or a read has returned. A read may return an empty list of types. Check
 * refuses an empty list in the inputs of a program.
 */
export const normalizeSavedSetInputs = (
  raw: Readonly<Record<string, unknown>>,
): ParsedInputs<PlannedSetInputs> => parseResourceInputs(savedSetInputsSchema, raw, "OrgConnectionSet");

/** Whether the destinations are known. */
export const hasKnownConnections = (planned: PlannedSetInputs): planned is SetInputs =>
  planned.connections !== UNKNOWN;

/** Lists the destinations. Returns an empty list for unknown destinations or undefined inputs. */
export const listSinks = (planned: PlannedSetInputs | undefined): string[] =>
  planned && hasKnownConnections(planned) ? Object.keys(planned.connections) : [];

/** Converts one destination of a set to the inputs of a single connection. */
export function toConnectionInputs(
  { source, connections: declared, adopt }: Pick<SetInputs, "source" | "connections" | "adopt">,
  sinkOrgId: string,
): Inputs {
  return { source, sinkOrgId, connectionTypes: declared[sinkOrgId] ?? [], adopt };
}
