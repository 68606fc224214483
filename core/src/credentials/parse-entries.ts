/** Parses a JSON object into its entries. Returns `undefined` if the string is not a JSON object. */
export function parseEntries(json: string): [name: string, value: unknown][] | undefined {
  try {
    const value: unknown = JSON.parse(json);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? Object.entries(value) : undefined;
  } catch {
    return undefined;
  }
}
