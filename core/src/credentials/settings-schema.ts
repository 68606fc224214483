import * as v from "valibot";
import { defaultOrganizationSchema, organizationsSchema } from "./organizations-schema.js";

/** Creates the schema of a limit: an integer from 1 to a maximum. The engine passes numbers as strings. */
function createLimitSchema(defaultValue: number, maximum: number) {
  const message = `must be an integer from 1 to ${maximum}`;
  const limit = v.pipe(
    v.string(),
    v.transform(Number),
    v.integer(message),
    v.minValue(1, message),
    v.maxValue(maximum, message),
  );
  return v.optional(limit, String(defaultValue));
}

/** The limits of calls: attempts, timeouts and concurrent requests. */
export const callLimitsSchema = v.object({
  /** Maximum attempts of one call, including the first one. @default 6 */
  maxAttempts: createLimitSchema(6, 100),
  /** Timeout of one request, in seconds. @default 30 */
  requestTimeoutSeconds: createLimitSchema(30, 600),
  /** Timeout of one call with all its attempts and delays, in seconds. @default 120 */
  callTimeoutSeconds: createLimitSchema(120, 3600),
  /** Maximum concurrent requests of one organization. @default 32 */
  maxConcurrent: createLimitSchema(32, 256),
});

/**
 * All settings of this package in a stack's configuration, by their name in this package's namespace. The engine passes each value
 * as a string. A structured value is a JSON string. The schema ignores unknown names, but `requireValidSettings` and
 * `findInvalidSettings` report them.
 */
export const settingsSchema = v.object({
  /** The settings of the default organization. */
  ...defaultOrganizationSchema.entries,
  /** The named organizations, each with its credentials. A resource selects one with `source`. */
  organizations: v.optional(organizationsSchema),
  /** `online` runs the preview checks, which use credentials and the API. `offline` disables them. @default online */
  checks: v.optional(v.picklist(["online", "offline"], 'must be "online" or "offline"'), "online"),
  ...callLimitsSchema.entries,
});
