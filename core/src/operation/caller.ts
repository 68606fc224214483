import type { Connection, Party } from "../api/parse.js";

/**
 * Finds the organizations that the caller of a listing can be. A listing has the connections from or to its caller
 * (https://docs.datadoghq.com/api/latest/org-connections/), so the caller is in every row. One organization that is in every
 * row is the proven caller; with two (all rows are between the same two) or none, nothing is proven. Two kinds of rows are
 * ignored: rows that lack an organization, because the missing one may be the caller, and rows from an organization to itself,
 * which cannot exist.
 */
export function findCallerCandidates(connections: readonly Connection[]): Party[] {
  const [first, ...rest] = connections.flatMap(({ source, sink }) =>
    source && sink && source.id !== sink.id ? [[source, sink]] : [],
  );
  return (first ?? []).filter(({ id }) => rest.every((row) => row.some((party) => party.id === id)));
}

/**
 * Returns the caller if the rows of a listing or `confirmed` prove it. A single candidate is the caller. With several
 * candidates, `confirmed` must be one of them, or nothing is proven. Without candidates, `confirmed` alone is sufficient.
 *
 * @param candidates - the UUIDs from {@link findCallerCandidates}
 * @param confirmed - the calling organization according to `GET /api/v2/org`, or the one that the access token was issued for
 */
export function deriveCaller(
  candidates: readonly string[],
  confirmed: string | undefined,
): string | undefined {
  if (candidates.length === 1) return candidates[0];
  if (confirmed === undefined) return undefined;
  return candidates.length === 0 || candidates.includes(confirmed) ? confirmed : undefined;
}
