/** Joins at most `max` items, and counts the others: `a, b, and 3 more`. */
export function joinFirst(items: readonly string[], max: number): string {
  const more = items.length - max;
  return `${items.slice(0, max).join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
}
