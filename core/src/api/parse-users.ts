import * as v from "valibot";
import { omitUndefined } from "./omit-undefined.js";
import { encodeText } from "./escape-text.js";

/** A user in the `included` rows of the list of connections or of application keys. */
export interface User {
  /** UUID, lower case. */
  id: string;
  name?: string;
  handle?: string;
  email?: string;
  /** Whether it is a service account, if the response reports it. */
  serviceAccount?: boolean;
}

const text = v.fallback(v.optional(v.pipe(v.string(), v.transform(encodeText))), undefined);
// The recorded responses have all of these fields (wire.ts).
const userSchema = v.object({
  type: v.literal("users"),
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,128}$/)),
  attributes: v.object({
    name: text,
    handle: text,
    email: text,
    service_account: v.fallback(v.optional(v.boolean()), undefined),
  }),
});

/** Parses the users in the `included` rows of a list. Never throws: a row of another shape is ignored. */
export function parseUsers(included: unknown): User[] {
  if (!Array.isArray(included)) return [];
  return included.flatMap((row: unknown) => {
    // Most rows are organizations. This check is faster than the schema.
    if (typeof row !== "object" || row === null || !("type" in row) || row.type !== "users") return [];
    const parsed = v.safeParse(userSchema, row);
    if (!parsed.success) return [];
    const { id, attributes } = parsed.output;
    const { service_account: serviceAccount, ...names } = attributes;
    return [omitUndefined<User>({ id: id.toLowerCase(), ...names, serviceAccount })];
  });
}
