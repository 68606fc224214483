/** The same object without the properties that are `undefined`, for what has "left out" in its type. */
export function definedOnly<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

/**
 * A copy of plain data without the properties that are `undefined`, at any depth: an engine's value cannot hold one. The
 * lifecycle has `undefined` for what is not known; this is applied once, where data goes to the engine.
 */
export function withoutUndefined<T>(value: T): T;
export function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutUndefined(item));
  if (typeof value !== "object" || value === null) return value;
  const defined = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(defined.map(([name, field]) => [name, withoutUndefined(field as unknown)]));
}
