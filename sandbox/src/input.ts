import type { IncomingMessage } from "node:http";
import * as v from "valibot";

/** An input of the sandbox itself, such as an option or a fault, is invalid. The imitated API never throws it. */
export class SandboxInputError extends Error {
  override readonly name = "SandboxInputError";
}

/** Much larger than any valid request. */
const MAX_BODY_BYTES = 1024 * 1024;

/** A UUID of any version, in any case. */
export const uuid = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i));

/** A UUID as the sandbox stores it. IDs are compared without regard to case. */
export const lowerCaseUuid = v.pipe(
  uuid,
  v.check((id) => id === id.toLowerCase()),
);

export const string = v.string("must be a string");
export const nonEmptyString = v.pipe(string, v.nonEmpty("must not be empty"));
/** A list of strings. */
export const strings = v.array(string, "must be a list of strings");
export const boolean = v.boolean("must be true or false");
/** A whole number from 0. */
export const count = v.pipe(
  v.number("must be a whole number"),
  v.safeInteger("must be a whole number"),
  v.minValue(0, "must be a whole number"),
);
export const positiveNumber = v.pipe(
  v.number("must be a number above 0"),
  v.finite("must be a number above 0"),
  v.gtValue(0, "must be a number above 0"),
);

/** An object that is not an array. `v.object` and `v.record` also accept arrays. */
export const anyObject = v.pipe(
  v.unknown(),
  v.check(
    (input) => typeof input === "object" && input !== null && !Array.isArray(input),
    "must be an object",
  ),
);

/** Reads the body of a request as a string. A body that is too long is cut off, so it is not valid JSON. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Parses JSON. Returns `undefined` for a string that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Creates the schema of an object with only these fields: a misspelled field is an error. If a required field is
 * missing, the message comes from the schema of that field.
 */
export function createObjectSchema<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(anyObject, createVariantSchema(entries));
}

/** Creates the same schema for use in `v.variant`, which reads the fields of the object schema directly. */
export function createVariantSchema<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.strictObject(entries, (issue) => {
    const key = issue.path?.at(-1)?.key;
    if (typeof key !== "string") return "must be an object";
    const entry = Object.hasOwn(entries, key) ? entries[key] : undefined;
    return entry ? (v.safeParse(entry, undefined).issues?.[0].message ?? "is missing") : "is unknown";
  });
}

/**
 * Parses an input. The messages of the schema follow the path of the field, such as "must be a string".
 *
 * @param name - the name of the input in messages, such as `fault`
 * @throws {@link SandboxInputError} that names the first invalid field
 */
export function parseInput<const Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  name: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, input);
  if (parsed.success) return parsed.output;
  // A misspelled field explains why another one is missing.
  const issue = parsed.issues.find(isUnknownField) ?? parsed.issues[0];
  const path = (issue.path ?? []).map(({ key }) => String(key));
  if (isUnknownField(issue)) {
    const parent = [name, ...path.slice(0, -1)].join(".");
    throw new SandboxInputError(`${parent} has an unknown field "${path.at(-1) ?? ""}"`);
  }
  throw new SandboxInputError(`${[name, ...path].join(".")} ${issue.message}`);
}

function isUnknownField({ type, expected }: v.BaseIssue<unknown>): boolean {
  return type === "strict_object" && expected === "never";
}
