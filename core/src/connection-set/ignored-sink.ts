/** Matches `*`, `connections`, or one destination in `connections`, and captures the destination. */
const PATH = /^(?:\*|(?:connections|\["connections"\])(?:(?:\.|\["?)([^."[\]]+)(?:"?\])?)?)$/;

/**
 * Parses a property path of the resource option `ignoreChanges` of a set. Returns the destination whose connection the path ignores, in
 * lower case; `*` if the path ignores all connections; or undefined if it ignores no whole connection.
 *
 * @param path - such as `connections["4dee724d-…"]`, `connections` or `*`
 */
export function parseIgnoredSink(path: string): string | undefined {
  const found = PATH.exec(path);
  return found ? (found[1]?.toLowerCase() ?? "*") : undefined;
}
