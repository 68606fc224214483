import type { Organization, Sharing } from "./change.js";

/** What tells organizations apart, as far as is known: `undefined` for one of which nothing is known. */
export function keyOf({ id, alias, isDefault }: Organization): string | undefined {
  if (id !== undefined) return id;
  if (alias !== undefined) return `alias ${alias}`;
  return isDefault === true ? "default" : undefined;
}

/** Whether two are known to be the same organization. */
export function isSameOrganization(a: Organization, b: Organization): boolean {
  const key = keyOf(a);
  if (key !== undefined && key === keyOf(b)) return true;
  // The one may be known by its UUID, the other by its name in the program only.
  return a.id !== undefined && b.id !== undefined ? false : a.alias !== undefined && a.alias === b.alias;
}

/** Whether two are known to be the same pair of organizations. */
export const isSamePair = (a: Sharing | undefined, b: Sharing | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  isSameOrganization(a.source, b.source) &&
  isSameOrganization(a.sink, b.sink);
