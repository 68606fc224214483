import * as v from "valibot";
import { flag, parseInputs, sinkId, sourceName, text, types, type Parsed } from "./one-input.js";
import { UNKNOWN, type Wanted } from "./types.js";

/** The types known today (S). The set grows, so another one is a warning, never an error. */
export const KNOWN_TYPES: readonly string[] = ["audit", "logs", "metrics"];

const inputs = v.object({
  source: v.optional(sourceName),
  sinkOrgId: sinkId,
  connectionTypes: v.optional(types),
  adopt: v.optional(flag),
  reason: v.optional(text),
});

/**
 * Normalises and validates raw inputs. What a reviewer sees in a preview is the difference of the normalised inputs,
 * so order and case are taken out here. A value that is not known yet passes.
 */
export const normalise = (raw: Readonly<Record<string, unknown>>): Parsed<Wanted> =>
  parseInputs(inputs, raw, "OrgConnection");

/** A list of types as a program can declare it; undefined when it cannot. */
export function parseTypes(value: unknown): string[] | undefined {
  const parsed = v.safeParse(types, value);
  return parsed.success ? parsed.output : undefined;
}

/** Types that this version does not know, unknown-yet values apart. */
export function unfamiliarTypes(declared: readonly string[] = []): string[] {
  return declared.filter((type) => !KNOWN_TYPES.includes(type) && type !== UNKNOWN);
}

/** Whether two sorted sets are the same. */
export function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, at) => entry === b[at]);
}
