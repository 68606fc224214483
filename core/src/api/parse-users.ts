import * as v from "valibot";
import { omitUndefined } from "../text/data.js";
import { encodedString, lowerCaseId } from "./response-fields.js";

/** A user in the `included` rows of the list of connections or of the list of application keys. */
export interface User {
  /** UUID, lower case. */
  id: string;
  name?: string;
  handle?: string;
  email?: string;
  /** Whether the user is a service account, if the response reports it. */
  serviceAccount?: boolean;
}

/** An optional string. A value of another type counts as missing. */
const lenientText = v.fallback(v.optional(encodedString), undefined);
// The recorded responses (wire.ts) have all of these attributes, but the API may omit some of them.
const userSchema = v.object({
  type: v.literal("users"),
  id: lowerCaseId,
  attributes: v.object({
    name: lenientText,
    handle: lenientText,
    email: lenientText,
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
    return [omitUndefined<User>({ id, ...names, serviceAccount })];
  });
}
