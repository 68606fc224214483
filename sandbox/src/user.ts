import * as v from "valibot";
import { boolean, createObjectSchema, string } from "./input.js";

/** A user, such as the creator of a connection. */
export interface SandboxUser {
  /** A UUID. */
  id: string;
  /** The login name, usually the email address. */
  handle: string;
  email: string;
  /** The name in reports. */
  name: string;
  /**
   * Whether it is a service account.
   *
   * @default false
   */
  serviceAccount?: boolean | undefined;
}

/** The schema of a user. */
export const userSchema = createObjectSchema({
  id: string,
  handle: string,
  email: string,
  name: string,
  serviceAccount: v.optional(boolean),
});
