import * as v from "valibot";
import { encodeText } from "../text/escape-text.js";

/** A string such as a name, a type or a date. It is encoded, because it may contain any characters: users choose names. */
export const encodedString = v.pipe(v.string(), v.transform(encodeText));

/** An optional {@link encodedString}. `null`, which the API sends for some fields (see wire.ts), counts as absent. */
export const optionalText = v.nullish(encodedString);

/** An ID. It becomes part of paths, messages and reports, so only letters, digits, `-` and `_` are valid. */
export const identifier = v.pipe(v.string(), v.regex(/^[\w-]{1,128}$/, "must be an ID"));

/** The ID of an organization or a user, in lower case. */
export const lowerCaseId = v.pipe(identifier, v.toLowerCase());
