import * as v from "valibot";
import { createObjectSchema, nonEmptyString, strings } from "./input.js";
import { userSchema, type SandboxUser } from "./user.js";

/** A connection to create outside the program under test. */
export interface ConnectInput {
  /** The key of the source organization, such as `payments`. */
  source: string;
  /** The key of the destination organization. */
  sink: string;
  /**
   * The shared types.
   *
   * @default ["logs"]
   */
  connectionTypes?: string[] | undefined;
  /**
   * The creator.
   *
   * @default the user of the source organization
   */
  createdBy?: SandboxUser | undefined;
}

/** The schema of {@link ConnectInput}. */
export const connectInputSchema = createObjectSchema({
  source: nonEmptyString,
  sink: nonEmptyString,
  connectionTypes: v.optional(strings),
  createdBy: v.optional(userSchema),
});
