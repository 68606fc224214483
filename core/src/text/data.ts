/** Returns a copy without the properties that are `undefined`, for types with optional properties. */
export function omitUndefined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

/**
 * Returns a copy of plain data without the properties that are `undefined`, at any depth. The core package
 * uses `undefined` for missing values, but the engine does not accept it. Call this where data is passed to the
 * engine.
 */
export function omitUndefinedDeep<T>(value: T): T;
export function omitUndefinedDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => omitUndefinedDeep(item));
  if (typeof value !== "object" || value === null) return value;
  const defined = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(defined.map(([name, field]) => [name, omitUndefinedDeep(field as unknown)]));
}

/** Parses JSON. Returns `undefined` if the string is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether a value is an object that is not an array. */
export const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a string is a UUID in lower case. */
export const isUuid = (text: string): boolean => UUID.test(text);
