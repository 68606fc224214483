/** Matches `*`, `connections`, or one destination in `connections`, and captures the destination. */
const PATH = /^(?:\*|(?:connections|\["connections"\])(?:(?:\.|\["?)([^."[\]]+)(?:"?\])?)?)$/;

/**
 * Parses a property path in the resource option `ignoreChanges` of a set.
 *
 * @param path - such as `connections["4dee724d-…"]`, `connections` or `*`
 * @returns the ignored destination in lower case, `*` for all connections, or undefined if the path ignores no whole connection
 */
export function parseIgnoredSink(path: string): string | undefined {
  const found = PATH.exec(path);
  return found ? (found[1]?.toLowerCase() ?? "*") : undefined;
}
