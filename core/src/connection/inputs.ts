import * as v from "valibot";
import {
  booleanSchema,
  parseResourceInputs,
  sinkOrgIdSchema,
  sourceSchema,
  stringSchema,
  connectionTypesSchema,
  type ParsedInputs,
} from "./input-schemas.js";
import { UNKNOWN, type Inputs } from "./types.js";

/**
 * The connection types that the API documents. Datadog adds types over time, so any other type is a warning, never an error.
 * @see https://docs.datadoghq.com/api/latest/org-connections/
 */
export const KNOWN_TYPES: readonly string[] = ["audit", "logs", "metrics"];

const inputsSchema = v.object({
  source: v.optional(sourceSchema),
  sinkOrgId: sinkOrgIdSchema,
  connectionTypes: v.optional(connectionTypesSchema),
  adopt: v.optional(booleanSchema),
  reason: v.optional(stringSchema),
});

/**
 * Normalizes and validates raw inputs. A preview shows the difference between normalized inputs, so this removes
 * differences in order and case. Unknown values pass.
 */
export const normalizeInputs = (raw: Readonly<Record<string, unknown>>): ParsedInputs<Inputs> =>
  parseResourceInputs(inputsSchema, raw, "OrgConnection");

/** Parses a list of types. Returns undefined if the value is not valid for `connectionTypes`. */
export function parseTypes(value: unknown): string[] | undefined {
  const parsed = v.safeParse(connectionTypesSchema, value);
  return parsed.success ? parsed.output : undefined;
}

/** Returns the types that are not in {@link KNOWN_TYPES}. Values that Pulumi does not know yet are omitted. */
export function findUnfamiliarTypes(declared: readonly string[] = []): string[] {
  return declared.filter((type) => !KNOWN_TYPES.includes(type) && type !== UNKNOWN);
}

/** Whether two sorted lists of types are equal. */
export function hasSameTypes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, at) => entry === b[at]);
}
