import * as v from "valibot";
import { boolean, createObjectSchema, string } from "./input.js";

/** A user, such as the creator of a connection. */
export interface SandboxUser {
  /** A UUID. */
  id: string;
  handle: string;
  email: string;
  name: string;
  /** @default false */
  serviceAccount?: boolean | undefined;
}

/** The schema of a user. */
export const user = createObjectSchema({
  id: string,
  handle: string,
  email: string,
  name: string,
  serviceAccount: v.optional(boolean),
});
