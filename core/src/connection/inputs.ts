import * as v from "valibot";
import { KNOWN_TYPES } from "../api/connection-type.js";
import {
  booleanSchema,
  parseResourceInputs,
  savedTypesSchema,
  sinkOrgIdSchema,
  sourceSchema,
  stringSchema,
  connectionTypesSchema,
  type ParsedInputs,
} from "./input-schemas.js";
import { UNKNOWN, type Inputs } from "./types.js";

/** The inputs that a program declares for a connection. */
export const inputsSchema = v.object({
  source: v.optional(sourceSchema),
  sinkOrgId: sinkOrgIdSchema,
  connectionTypes: v.optional(connectionTypesSchema),
  adopt: v.optional(booleanSchema),
  reason: v.optional(stringSchema),
});

const savedInputsSchema = v.object({
  ...inputsSchema.entries,
  connectionTypes: v.optional(savedTypesSchema),
});

/**
 * Normalizes and validates the inputs of a program, so that a preview ignores the order of types, and the case of types and UUIDs.
 * Unknown values are valid.
 */
export const normalizeInputs = (raw: Readonly<Record<string, unknown>>): ParsedInputs<Inputs> =>
  parseResourceInputs(inputsSchema, raw, "OrgConnection");

/**
 * Normalizes and validates inputs that `check` has accepted or a read has returned. Their list of types may be empty, unlike the
 * list in a program.
 */
export const normalizeSavedInputs = (raw: Readonly<Record<string, unknown>>): ParsedInputs<Inputs> =>
  parseResourceInputs(savedInputsSchema, raw, "OrgConnection");

/** Parses a list of types. Returns undefined if the value is not valid for `connectionTypes`. */
export function parseTypes(value: unknown): string[] | undefined {
  const parsed = v.safeParse(connectionTypesSchema, value);
  return parsed.success ? parsed.output : undefined;
}

/** Returns the types that are not in {@link KNOWN_TYPES}. Omits types that a preview does not know yet. */
export function findUnfamiliarTypes(declared: readonly string[] = []): string[] {
  return declared.filter((type) => type !== UNKNOWN && KNOWN_TYPES.every((known) => known !== type));
}

/**
 * Formats the warning about types that are not in {@link KNOWN_TYPES}. Returns undefined if there are none.
 *
 * @param property - the input that contains them, as the warning names it
 */
export function formatUnfamiliarTypes(
  property: string,
  declared: readonly string[] | undefined,
): string | undefined {
  const unfamiliar = findUnfamiliarTypes(declared);
  if (unfamiliar.length === 0) return undefined;
  return (
    `${property}: this version of the provider does not know ${unfamiliar.join(", ")} (it knows ${KNOWN_TYPES.join(", ")}). ` +
    `Check the spelling. Datadog decides which types it accepts.`
  );
}

/** Whether two sorted lists of types are equal. */
export function hasSameTypes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, at) => entry === b[at]);
}
