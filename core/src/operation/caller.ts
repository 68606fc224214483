import type { Connection, Party } from "../api/parse.js";

/**
 * Finds the organizations that may be the caller of a listing. A listing contains only connections from or to its caller
 * (https://docs.datadoghq.com/api/latest/org-connections/), so the caller is in every row. If only one organization is in every
 * row, it is the proven caller. If two organizations are in every row (all rows are between the same two), or none is, nothing is
 * proven. Two kinds of rows are ignored: rows that lack an organization, because the missing organization may be the caller, and rows
 * from an organization to itself, which cannot exist.
 */
export function findCallerCandidates(connections: readonly Connection[]): Party[] {
  const [first, ...rest] = connections.flatMap(({ source, sink }) =>
    source && sink && source.id !== sink.id ? [[source, sink]] : [],
  );
  return (first ?? []).filter(({ id }) => rest.every((row) => row.some((party) => party.id === id)));
}

/**
 * Returns the caller if the rows of a listing or `confirmed` prove it. A single candidate is the caller, even if `confirmed` differs. With
 * several candidates, `confirmed` is the caller if it is one of them. Without candidates, `confirmed` is the caller. In all other
 * cases, nothing is proven.
 *
 * @param candidates - the UUIDs from {@link findCallerCandidates}
 * @param confirmed - the calling organization according to `GET /api/v2/org`, or the organization that the access token was issued for
 */
export function deriveCaller(
  candidates: readonly string[],
  confirmed: string | undefined,
): string | undefined {
  if (candidates.length === 1) return candidates[0];
  if (confirmed === undefined) return undefined;
  return candidates.length === 0 || candidates.includes(confirmed) ? confirmed : undefined;
}
