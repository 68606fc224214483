import type { Connection, Party } from "../api/parse.js";

/**
 * Finds the organizations that may be the caller of a listing. A listing contains only connections from or to its caller
 * (https://docs.datadoghq.com/api/latest/org-connections/), so the caller is in every row. If only one organization is in every
 * row, it is the proven caller. Nothing is proven if no organization is in every row. Nothing is proven either if all rows
 * are between the same two organizations. Two kinds of rows are ignored:
 *
 * - Rows that lack an organization. The missing organization may be the caller.
 * - Rows from an organization to itself. They cannot exist.
 */
export function findCallerCandidates(connections: readonly Connection[]): Party[] {
  const [first, ...rest] = connections.flatMap(({ source, sink }) =>
    source && sink && source.id !== sink.id ? [[source, sink]] : [],
  );
  return (first ?? []).filter(({ id }) => rest.every((row) => row.some((party) => party.id === id)));
}

/**
 * Returns the caller if the candidates or `confirmed` prove it:
 *
 * - One candidate: the candidate, even if `confirmed` differs.
 * - Several candidates: `confirmed`, if it is one of them.
 * - No candidate: `confirmed`.
 *
 * @param candidates - the UUIDs from {@link findCallerCandidates}
 * @param confirmed - the calling organization according to `GET /api/v2/org`, or the organization of the access token
 */
export function deriveCaller(
  candidates: readonly string[],
  confirmed: string | undefined,
): string | undefined {
  if (candidates.length === 1) return candidates[0];
  if (confirmed === undefined) return undefined;
  return candidates.length === 0 || candidates.includes(confirmed) ? confirmed : undefined;
}
