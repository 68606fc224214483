import { flagOf, gathered, sourceOf, strangersIn, textOf, typesOf, uuidOf } from "./one-input.js";
import { UNKNOWN, type Failure, type Wanted } from "./types.js";

/** The types known today (S). The set grows, so another one is a warning, never an error. */
export const KNOWN_TYPES: readonly string[] = ["audit", "logs", "metrics"];

/** Inputs brought into one form, and what is wrong with them. */
export interface Normalised {
  /** The form that is compared and kept: lower-case UUID, sorted set, nothing absent. */
  wanted: Wanted;
  failures: Failure[];
}

/**
 * Normalises and validates raw inputs. What a reviewer sees in a preview is the difference of the normalised inputs,
 * so order and case are taken out here. A value that is not known yet passes.
 */
export function normalise(raw: Readonly<Record<string, unknown>>): Normalised {
  const readings = {
    source: sourceOf(raw["source"]),
    sinkOrgId: uuidOf(raw["sinkOrgId"]),
    connectionTypes: typesOf(raw["connectionTypes"]),
    adopt: flagOf(raw["adopt"]),
    reason: textOf(raw["reason"]),
  };
  const { values, failures } = gathered<Wanted>(readings);
  const { sinkOrgId = "", ...rest } = values;
  return {
    wanted: { ...rest, sinkOrgId },
    failures: [...strangersIn(raw, Object.keys(readings), "OrgConnection"), ...failures],
  };
}

/** Types that this version does not know, unknown-yet values apart. */
export function unfamiliarTypes(types: readonly string[] = []): string[] {
  return types.filter((type) => !KNOWN_TYPES.includes(type) && type !== UNKNOWN);
}

/** Whether two sorted sets are the same. */
export function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, at) => entry === b[at]);
}
