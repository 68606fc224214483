import type { Bindings } from "./bindings.js";

/**
 * Compares a recorded value with that of a replay.
 *
 * @param path - where it is, for the messages
 * @returns one line for each difference
 */
export function compareValues(
  expected: unknown,
  actual: unknown,
  path: string,
  bindings: Bindings,
): string[] {
  if (typeof expected === "string" && typeof actual === "string")
    return bindings.matches(expected, actual) ? [] : [describe(path, expected, actual)];
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length)
      return [`${path}: ${expected.length} rows were recorded, but the sandbox sends ${actual.length}`];
    return expected.flatMap((item, at) => compareValues(item, actual[at], `${path}[${at}]`, bindings));
  }
  if (isObject(expected) && isObject(actual)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...names].flatMap((name) =>
      compareValues(expected[name], actual[name], `${path}.${name}`, bindings),
    );
  }
  return expected === actual ? [] : [describe(path, expected, actual)];
}

const describe = (path: string, expected: unknown, actual: unknown): string =>
  `${path}: ${format(expected)} was recorded, but the sandbox sends ${format(actual)}`;

const format = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
