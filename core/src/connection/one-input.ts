import { encodeText } from "../api/invisible.js";
import { UNKNOWN, type Failure } from "./types.js";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What is wrong with one input. */
export class Problem {
  constructor(readonly reason: string) {}
}

/** One input read: its value, nothing when it is left out, or what is wrong with it. */
export type Reading<T> = T | undefined | Problem;

/** The inputs that are there and as they should be, and what is wrong with the others. */
export function gathered<T extends object>(readings: { [K in keyof T]-?: Reading<NonNullable<T[K]>> }): {
  values: Partial<T>;
  failures: Failure[];
} {
  const values: Record<string, unknown> = {};
  const failures: Failure[] = [];
  for (const [property, value] of Object.entries<unknown>(readings)) {
    if (value instanceof Problem) failures.push({ property, reason: value.reason });
    else if (value !== undefined) values[property] = value;
  }
  return { values: values as Partial<T>, failures };
}

/** Inputs that a resource does not have. */
export function strangersIn(
  raw: Readonly<Record<string, unknown>>,
  names: readonly string[],
  resource: string,
): Failure[] {
  return (
    Object.keys(raw)
      // Two underscores: not the user's, such as the provider's line and the constructor's hint.
      .filter((name) => !names.includes(name) && !name.startsWith("__") && raw[name] != null)
      .map((property) => ({
        property,
        reason: `is no input of an ${resource}. Its inputs are ${names.join(", ")}.`,
      }))
  );
}

/** A text that is taken as it is. */
export function textOf(value: unknown): Reading<string> {
  if (value == null) return undefined;
  return typeof value === "string" ? value : new Problem("must be a text.");
}

/** A name of the stack's configuration. */
export function sourceOf(value: unknown): Reading<string> {
  const isBlank = typeof value === "string" && value.trim() === "";
  return isBlank ? new Problem("is empty. Leave it out for the default organization.") : textOf(value);
}

/** A UUID in lower case. Must be there. */
export function uuidOf(value: unknown): string | Problem {
  const what = "the UUID of the destination organization, such as 4dee724d-0000-4000-8000-00d4f1a2b3c4";
  if (value == null) return new Problem(`is missing: ${what}.`);
  if (typeof value !== "string") return new Problem(`must be a text: ${what}.`);
  const uuid = value.trim().toLowerCase();
  if (UUID.test(uuid)) return uuid;
  return new Problem(
    `is not a UUID: "${encodeText(value)}". It must be ${what}; getOrganization({ name }) looks it up.`,
  );
}

/** A set, sorted. */
export function typesOf(value: unknown): Reading<string[]> {
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
  return repeated === undefined ? types : new Problem(`names "${encodeText(repeated)}" twice.`);
}

/** Yes or no. */
export function flagOf(value: unknown): Reading<boolean> {
  if (value == null) return undefined;
  // A value that comes from configuration may be a text; one that is not known yet comes as the placeholder.
  if (value === true || value === "true" || value === UNKNOWN) return true;
  return value === false || value === "false" ? false : new Problem("must be true or false.");
}
