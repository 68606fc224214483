import * as v from "valibot";
import { definedOnly } from "./defined.js";
import { encodeText } from "./invisible.js";

/** A user as the list of connections includes it. */
export interface User {
  /** UUID, lower case. */
  id: string;
  name?: string;
  handle?: string;
  email?: string;
  /** Whether it is a service account; missing where the answer does not say. */
  serviceAccount?: boolean;
}

const text = v.fallback(v.optional(v.pipe(v.string(), v.transform(encodeText))), undefined);
// Recorded with all of these fields (R: TestAccDatadogOrgConnection_Basic of the Terraform provider).
const user = v.object({
  type: v.literal("users"),
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,128}$/)),
  attributes: v.object({
    name: text,
    handle: text,
    email: text,
    service_account: v.fallback(v.optional(v.boolean()), undefined),
  }),
});

/** The users among what a list includes. Never throws: a row of another shape is left out. */
export function usersOf(included: unknown): User[] {
  if (!Array.isArray(included)) return [];
  return included.flatMap((row: unknown) => {
    // Most of them are organizations: for those the whole schema is not asked.
    if (typeof row !== "object" || row === null || !("type" in row) || row.type !== "users") return [];
    const parsed = v.safeParse(user, row);
    if (!parsed.success) return [];
    const { id, attributes } = parsed.output;
    const { service_account: serviceAccount, ...names } = attributes;
    return [definedOnly<User>({ id: id.toLowerCase(), ...names, serviceAccount })];
  });
}
