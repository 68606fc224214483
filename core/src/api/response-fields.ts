import * as v from "valibot";
import { encodeText } from "./escape-text.js";

/** A name or other display text. It is untrusted, because users of an organization choose it. */
export const encodedString = v.pipe(v.string(), v.transform(encodeText));

/**
 * Optional display text. The API sends `null` for some fields (see wire.ts), so `nullish` treats `null` as absent.
 */
export const optionalText = v.nullish(encodedString);

/** An ID becomes part of paths, messages and reports. Datadog's IDs contain only letters, digits and hyphens. */
export const identifier = v.pipe(v.string(), v.regex(/^[\w-]{1,128}$/, "must be an ID"));

/** The ID of an organization or a user, in lower case. */
export const lowerCaseId = v.pipe(identifier, v.toLowerCase());
