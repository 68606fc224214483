/** Returns the form of a word for a count: `pluralize(1, "stops", "stop")`. */
export const pluralize = (count: number, singular: string, plural = `${singular}s`): string =>
  count === 1 ? singular : plural;

/** Formats a count with its noun: `1 organization`, `2 organizations`. */
export const formatCount = (count: number, singular: string, plural?: string): string =>
  `${count} ${pluralize(count, singular, plural)}`;
