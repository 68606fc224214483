export { formatCount, pluralize } from "datadog-org-connections-core/api/format-count.js";
export { formatArgument } from "datadog-org-connections-core/api/format-argument.js";
export { joinFirst } from "datadog-org-connections-core/api/join-first.js";

/**
 * Formats a value as JSON without invisible characters: control, direction and other invisible characters are escaped as
 * \uXXXX, which every parser reads as the same value.
 */
export function formatJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(INVISIBLE_IN_STRING, escapeCodeUnits);
}

/**
 * The characters that a reader does not see, with line breaks and all spaces, as the content of a character class in a regular
 * expression with the flag `u`. Unassigned characters are among them, because they may be invisible in a later version of Unicode.
 */
export const INVISIBLE = String.raw`\p{C}\p{Z}\p{DI}\u2800`;

// Outside of strings, the only invisible characters of JSON are line breaks and spaces, which the expression excludes.
const INVISIBLE_IN_STRING = new RegExp(`(?![ \n])[${INVISIBLE}]`, "gu");

const escapeCodeUnits = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("");
