import { UNKNOWN, type Failure, type Wanted } from "./types.js";

/** The types known today (S). The set grows, so another one is a warning, never an error. */
export const KNOWN_TYPES: readonly string[] = ["audit", "logs", "metrics"];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Inputs brought into one form, and what is wrong with them. */
export interface Normalised {
  /** The form that is compared and kept: lower-case UUID, sorted set, nothing absent. */
  wanted: Wanted;
  failures: Failure[];
}

/** What is wrong with one input. */
class Problem {
  constructor(readonly reason: string) {}
}

/** One input read: its value, nothing when it is left out, or what is wrong with it. */
type Reading<T> = T | undefined | Problem;

/**
 * Normalises and validates raw inputs. What a reviewer sees in a preview is the difference of the normalised inputs,
 * so order and case are taken out here. A value that is not known yet passes.
 */
export function normalise(raw: Readonly<Record<string, unknown>>): Normalised {
  const read = {
    source: sourceOf(raw["source"]),
    sinkOrgId: uuidOf(raw["sinkOrgId"]),
    connectionTypes: typesOf(raw["connectionTypes"]),
    adopt: flagOf(raw["adopt"]),
    reason: textOf(raw["reason"]),
  };
  const names = Object.keys(read);
  const strangers = Object.keys(raw).filter(
    // Two underscores: not the user's, such as the provider's line and the constructor's hint.
    (name) => !names.includes(name) && !name.startsWith("__") && raw[name] != null,
  );
  const problems = Object.entries(read).flatMap(([property, value]) =>
    value instanceof Problem ? [{ property, reason: value.reason }] : [],
  );
  const { sinkOrgId = "", ...rest } = Object.fromEntries(
    Object.entries(read).filter(([, value]) => value !== undefined && !(value instanceof Problem)),
  ) as Partial<Wanted>;
  return {
    wanted: { ...rest, sinkOrgId },
    failures: [
      ...strangers.map((property) => ({
        property,
        reason: `is no input of an OrgConnection. Its inputs are ${names.join(", ")}.`,
      })),
      ...problems,
    ],
  };
}

function textOf(value: unknown): Reading<string> {
  if (value == null) return undefined;
  return typeof value === "string" ? value : new Problem("must be a text.");
}

function sourceOf(value: unknown): Reading<string> {
  const isBlank = typeof value === "string" && value.trim() === "";
  return isBlank ? new Problem("is empty. Leave it out for the default organization.") : textOf(value);
}

function uuidOf(value: unknown): Reading<string> {
  const what = "the UUID of the destination organization, such as 4dee724d-0000-4000-8000-00d4f1a2b3c4";
  if (value == null) return new Problem(`is missing: ${what}.`);
  if (typeof value !== "string") return new Problem(`must be a text: ${what}.`);
  const uuid = value.trim().toLowerCase();
  if (UUID.test(uuid)) return uuid;
  return new Problem(`is not a UUID: "${value}". It must be ${what}; getOrganization({ name }) looks it up.`);
}

function typesOf(value: unknown): Reading<string[]> {
  if (value == null) return undefined;
  // A list that is not known yet travels as the one placeholder.
  if (value === UNKNOWN) return [UNKNOWN];
  if (!Array.isArray(value) || value.some((type) => typeof type !== "string" || type.trim() === "")) {
    return new Problem(`must be a list of texts, such as ["logs", "metrics"].`);
  }
  const types = value.map((type) => String(type).trim().toLowerCase()).sort();
  if (types.length === 0) {
    return new Problem("is empty. Name at least one type, or leave it out to not manage the types.");
  }
  const repeated = types.find((type, at) => type !== UNKNOWN && type === types[at + 1]);
  return repeated === undefined ? types : new Problem(`names "${repeated}" twice.`);
}

function flagOf(value: unknown): Reading<boolean> {
  if (value == null) return undefined;
  // A value that comes from configuration may be a text; one that is not known yet comes as the placeholder.
  if (value === true || value === "true" || value === UNKNOWN) return true;
  return value === false || value === "false" ? false : new Problem("must be true or false.");
}

/** Types that this version does not know, unknown-yet values apart. */
export function unfamiliarTypes(types: readonly string[] = []): string[] {
  return types.filter((type) => !KNOWN_TYPES.includes(type) && type !== UNKNOWN);
}

/** Whether two sorted sets are the same. */
export function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, at) => entry === b[at]);
}
