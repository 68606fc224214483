/** Returns the form of a noun or verb for a count: `pluralize(2, "type")` is `types`, and `pluralize(1, "stops", "stop")` is `stops`. */
export const pluralize = (count: number, singular: string, plural = `${singular}s`): string =>
  count === 1 ? singular : plural;

/** Formats a count with its noun: `1 organization`, `2 organizations`. */
export const formatCount = (count: number, singular: string, plural?: string): string =>
  `${count} ${pluralize(count, singular, plural)}`;

/** Joins at most `max` items, and counts the others: `a, b, and 3 more`. */
export function joinFirst(items: readonly string[], max: number): string {
  const more = items.length - max;
  return `${items.slice(0, max).join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
}
