import type { IncomingMessage } from "node:http";
import * as v from "valibot";

/** A request to the sandbox itself (not to the imitated API) is invalid. */
export class SandboxInputError extends Error {
  override readonly name = "SandboxInputError";
}

/** Far more than any request of this API. */
const MAX_BODY_BYTES = 1024 * 1024;

/** A UUID of any version, in any case. */
export const uuid = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i));

/** A UUID as the sandbox stores it: IDs are compared without regard to case. */
export const lowerCaseUuid = v.pipe(
  uuid,
  v.check((id) => id === id.toLowerCase()),
);

export const string = v.string("must be a string");
export const filledString = v.pipe(string, v.nonEmpty("must not be empty"));
export const strings = v.array(string, "must be a list of strings");
export const boolean = v.boolean("must be true or false");
export const count = v.pipe(
  v.number("must be a whole number"),
  v.safeInteger("must be a whole number"),
  v.minValue(0, "must be a whole number"),
);
export const aboveZero = v.pipe(
  v.number("must be a number above 0"),
  v.finite("must be a number above 0"),
  v.gtValue(0, "must be a number above 0"),
);

/** What `v.object` and `v.record` do not tell from a list. */
export const anyObject = v.pipe(
  v.unknown(),
  v.check(
    (input) => typeof input === "object" && input !== null && !Array.isArray(input),
    "must be an object",
  ),
);

/** Reads the body of a request as text. A body that is too long is cut off, so it is not valid JSON. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Parses JSON. Returns `undefined` for a text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * An object with these fields and no others: a misspelled field is an error. Where a required field is missing, the message
 * is that of the field's own schema.
 */
export function objectOf<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(anyObject, variantOf(entries));
}

/** The same for `v.variant`, which must see the fields of its options. */
export function variantOf<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.strictObject(entries, (issue) => {
    const key = issue.path?.at(-1)?.key;
    if (typeof key !== "string") return "must be an object";
    const entry = Object.hasOwn(entries, key) ? entries[key] : undefined;
    return entry ? (v.safeParse(entry, undefined).issues?.[0].message ?? "is missing") : "is unknown";
  });
}

/**
 * Parses an input by its schema, whose messages complete a sentence that begins with the field: "must be a string".
 *
 * @param name - of the input, in messages: `fault`
 * @throws {@link SandboxInputError} that names the first invalid field
 */
export function parseInput<const Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  name: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, input);
  if (parsed.success) return parsed.output;
  // A misspelled field explains the one that is missing.
  const issue = parsed.issues.find(isUnknownField) ?? parsed.issues[0];
  const path = (issue.path ?? []).map(({ key }) => String(key));
  if (isUnknownField(issue)) {
    const holder = [name, ...path.slice(0, -1)].join(".");
    throw new SandboxInputError(`${holder} has no field "${path.at(-1) ?? ""}"`);
  }
  throw new SandboxInputError(`${[name, ...path].join(".")} ${issue.message}`);
}

function isUnknownField({ type, expected }: v.BaseIssue<unknown>): boolean {
  return type === "strict_object" && expected === "never";
}
