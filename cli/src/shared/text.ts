export { formatCount, pluralize } from "datadog-org-connections-core/api/format-count.js";
export { formatArgument } from "datadog-org-connections-core/api/format-argument.js";
export { joinFirst } from "datadog-org-connections-core/api/join-first.js";

/**
 * Formats a value as JSON whose strings have no invisible characters except the space (U+0020). Others, such as control and direction
 * characters, are escaped. Every parser of JSON decodes the escapes.
 */
export function formatJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(INVISIBLE_IN_STRING, escapeCodeUnits);
}

/**
 * The characters that a reader does not see, including line breaks and all spaces, as the content of a character class in a regular
 * expression with the flag `u`. Includes unassigned characters, because they may be invisible in a later version of Unicode.
 */
export const INVISIBLE = String.raw`\p{C}\p{Z}\p{DI}\u2800`;

// Outside of strings, the only invisible characters of this JSON are line breaks and spaces, which the expression excludes.
const INVISIBLE_IN_STRING = new RegExp(`(?![ \n])[${INVISIBLE}]`, "gu");

const escapeCodeUnits = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("");
