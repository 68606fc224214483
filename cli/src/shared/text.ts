/** `1 organization`, `2 organizations`. */
export const formatCount = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

/** `a, b, and 3 more`. */
export function joinFirst(texts: readonly string[], most: number): string {
  const more = texts.length - most;
  return `${texts.slice(0, most).join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
}

/**
 * A value as JSON in which nothing is hidden: control, direction and other invisible characters are written as \uXXXX, which
 * is the same value to every parser.
 */
export function formatJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(INVISIBLE, escapeUnits);
}

// Outside of its strings, JSON holds none of these but the line breaks of the indentation.
const INVISIBLE = /(?!\n)[\p{C}\p{Zl}\p{Zp}\p{DI}]|(?! )\p{Zs}/gu;

const escapeUnits = (character: string): string =>
  Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("");
