/** A path that covers `connections`, or one destination in it. */
const PATH = /^(?:\*|(?:connections|\["connections"\])(?:(?:\.|\["?)([^."[\]]+)(?:"?\])?)?)$/;

/**
 * Parses a property path of the resource option `ignoreChanges`. Returns the destination of a set whose connection it ignores, in lower
 * case, `*` for all destinations, or undefined for none.
 *
 * @param path - such as `connections["4dee724d-…"]`, `connections` or `*`
 */
export function parseIgnoredSink(path: string): string | undefined {
  const found = PATH.exec(path);
  return found ? (found[1]?.toLowerCase() ?? "*") : undefined;
}
