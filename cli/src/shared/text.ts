export { formatCount, pluralize, joinFirst } from "datadog-org-connections-core/text/phrases.js";
export { formatArgument } from "datadog-org-connections-core/text/escape-text.js";

/**
 * Formats a value as JSON. Escapes all invisible characters in strings except the space (U+0020). JSON parsers decode the escapes.
 */
export function formatJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(INVISIBLE_IN_STRING, escapeCodeUnits);
}

/**
 * The content of a character class that matches invisible characters, for a regular expression with the flag `u`. Includes line
 * breaks and all spaces. Includes unassigned characters, because a later version of Unicode may make them invisible.
 */
export const INVISIBLE = String.raw`\p{C}\p{Z}\p{DI}\u2800`;

// Outside of strings, the only invisible characters of this JSON are line breaks and spaces. Do not escape them.
const INVISIBLE_IN_STRING = new RegExp(`(?![ \n])[${INVISIBLE}]`, "gu");

const escapeCodeUnits = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("");

/** A remark in a report. */
export interface Remark {
  /** In capitals: `NOT CHECKED`. Only remarks that the reader must not miss have a label. */
  label?: string;
  text: string;
}

/** Formats a remark as plain text: `NOT CHECKED: payments: …`. */
export const formatRemark = ({ label, text }: Remark): string =>
  label === undefined ? text : `${label}: ${text}`;
