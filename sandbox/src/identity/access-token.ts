import * as v from "valibot";
import type { Grant } from "../identified.js";
import { count } from "../input.js";
import { userSchema } from "../user.js";

/** An access token that the exchange has issued. */
export interface AccessToken extends Grant {
  readonly token: string;
  /** The key of its organization. */
  readonly organization: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** The schema of an {@link AccessToken} in a state file. */
export const accessTokenSchema = v.object({
  token: v.string(),
  organization: v.string(),
  expiresAt: count,
  user: v.optional(userSchema),
  scopes: v.optional(v.array(v.string())),
});
