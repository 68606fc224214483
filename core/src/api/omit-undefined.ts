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
