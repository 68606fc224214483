import type { Connection, Party } from "../api/parse.js";

/**
 * The organizations that the keys behind a list can belong to. The list holds the connections that its caller takes part
 * in (D), so the caller is an end of every row: one common end left means that the caller is proven, two (a single pair)
 * or none that it is not. A row without one of its ends (S) proves nothing, since the caller may be the end that is
 * missing; nor does one with the same organization at both ends, which no connection has.
 */
export function callerCandidates(connections: readonly Connection[]): Party[] {
  const [first, ...rest] = connections.flatMap(({ source, sink }) =>
    source && sink && source.id !== sink.id ? [[source, sink]] : [],
  );
  return (first ?? []).filter(({ id }) => rest.every((row) => row.some((end) => end.id === id)));
}

/**
 * The caller, when it is proven: by the rows of a list, or by what `GET /api/v2/org` has answered. Where the two
 * contradict each other nothing is proven.
 *
 * @param candidates - UUIDs of {@link callerCandidates}
 * @param confirmed - the calling organization according to `GET /api/v2/org`
 */
export function provenCaller(
  candidates: readonly string[],
  confirmed: string | undefined,
): string | undefined {
  if (candidates.length === 1) return candidates[0];
  if (confirmed === undefined) return undefined;
  return candidates.length === 0 || candidates.includes(confirmed) ? confirmed : undefined;
}
