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

/**
 * Reads the body of a request as text. A body that is too long is cut off, so it is not valid JSON.
 */
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
export const fields = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.strictObject(entries, (issue) => {
    const key = issue.path?.at(-1)?.key;
    if (typeof key !== "string") return "must be an object";
    const entry = Object.hasOwn(entries, key) ? entries[key] : undefined;
    return entry ? (v.safeParse(entry, undefined).issues?.[0].message ?? "is missing") : "is unknown";
  });

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
  const [issue] = parsed.issues;
  const path = (issue.path ?? []).map(({ key }) => String(key));
  if (issue.type === "strict_object" && issue.expected === "never") {
    const holder = [name, ...path.slice(0, -1)].join(".");
    throw new SandboxInputError(`${holder} has no field "${path.at(-1) ?? ""}"`);
  }
  throw new SandboxInputError(`${[name, ...path].join(".")} ${issue.message}`);
}
