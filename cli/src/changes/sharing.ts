import type { Types } from "../stack/resource-state.js";

/** An end of a connection, as far as it is known. */
export interface Organization {
  /** UUID; none when the preview does not tell it. */
  id?: string | undefined;
  /** As Datadog names it. */
  name?: string | undefined;
  /** Its name in the program and the stack's configuration. */
  alias?: string | undefined;
  /**
   * The program does not call it so: the stack's configuration has its UUID under that name. It is there to be read, and
   * says nothing of whose credentials are used.
   */
  isAliasById?: true;
  /** A source: it is the organization of the default keys. */
  isDefault?: true;
}

/** The two ends of a connection. */
export interface Pair {
  source: Organization;
  sink: Organization;
}

/** What one organization shares with another, before or after a change. */
export interface Sharing extends Pair, Types {}

/** What tells organizations apart, as far as is known: `undefined` for one of which nothing is known. */
export function keyOf({ id, alias, isDefault }: Organization): string | undefined {
  if (id !== undefined) return id;
  if (alias !== undefined) return `alias ${alias}`;
  return isDefault === true ? "default" : undefined;
}

/** Whether two are known to be the same pair of organizations. */
export const isSamePair = (a: Pair | undefined, b: Pair | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  isSameOrganization(a.source, b.source) &&
  isSameOrganization(a.sink, b.sink);

function isSameOrganization(a: Organization, b: Organization): boolean {
  const key = keyOf(a);
  if (key !== undefined && key === keyOf(b)) return true;
  // The one may be known by its UUID, the other by its name in the program only.
  return a.id !== undefined && b.id !== undefined ? false : a.alias !== undefined && a.alias === b.alias;
}

/** Types of which nothing is told. */
export const NOT_TOLD = { connectionTypes: [], openTypes: "not-told" } as const satisfies Types;

/** The entries of one list that the other lacks. */
export const without = (list: readonly string[], other: readonly string[]): string[] =>
  list.filter((entry) => !other.includes(entry));

/** What a connection that stays one and the same shares more and less. Types left to Datadog stay as they are. */
export function difference(before: Types, after: Types): { gained: string[]; lost: string[] } {
  if (after.openTypes === "left-to-datadog") return { gained: [], lost: [] };
  return {
    gained: without(after.connectionTypes, before.connectionTypes),
    lost: after.openTypes === "not-told" ? [] : without(before.connectionTypes, after.connectionTypes),
  };
}
