import { isObject, parseJson } from "../text/data.js";

/** Parses a JSON object into its entries. Returns `undefined` if the string is not a JSON object. */
export function parseEntries(json: string): [name: string, value: unknown][] | undefined {
  const value = parseJson(json);
  return isObject(value) ? Object.entries(value) : undefined;
}
