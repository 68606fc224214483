import * as v from "valibot";
import { UNKNOWN } from "datadog-org-connections-core/connection/types.js";

/** In place of a secret in a preview (pulumi/pulumi, pkg/backend/display/json.go). */
const SECRET = "[secret]";
/** The property that a secret in a state has (pulumi/pulumi, sdk/go/common/resource/sig). In two parts: it looks like a key. */
const SIGNATURE = ["4dabf18193072939", "515e22adb298388d"].join("");

/** Stands for a value that is not known before the `up`. */
export const NOT_YET_KNOWN: unique symbol = Symbol("not known before the up");
/** Stands for a value that is a secret, or of a form that this version does not know. */
const NOT_SHOWN: unique symbol = Symbol("not shown");

/** Why a value is not told. */
export type Untold = typeof NOT_YET_KNOWN | typeof NOT_SHOWN;
/** A value of a preview or a state: told, not set, or only known to be there. */
export type Shown<T> = T | Untold | undefined;

/** Whether a value is there and not told. */
export const isUntold = (value: unknown): value is Untold => value === NOT_YET_KNOWN || value === NOT_SHOWN;

/** The value, where it is told. */
export const toldOf = <T>(value: Shown<T>): T | undefined => (isUntold(value) ? undefined : value);

/** Whether a preview or a state gives a mark in place of a value. */
export const isMark = (value: unknown): boolean =>
  value === UNKNOWN ||
  value === SECRET ||
  (typeof value === "object" && value !== null && Object.hasOwn(value, SIGNATURE));

function readShown<T>(value: unknown, schema: v.GenericSchema<unknown, T>): Shown<T> {
  if (value === undefined || value === null) return undefined;
  if (value === UNKNOWN) return NOT_YET_KNOWN;
  const parsed = isMark(value) ? undefined : v.safeParse(schema, value);
  return parsed?.success === true ? parsed.output : NOT_SHOWN;
}

/** The schema of a field that may hold a mark in place of its value. */
export const shown = <T>(schema: v.GenericSchema<unknown, T>) =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.transform((value) => readShown(value, schema)),
    ),
  );

/** The schema of a field of which only a value counts that is told. */
export const told = <T>(schema: v.GenericSchema<unknown, T>) =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.transform((value) => toldOf(readShown(value, schema))),
    ),
  );
