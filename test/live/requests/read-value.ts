/** Reads a value in JSON of any shape. Returns `undefined` if the path leads nowhere. */
export function readPath(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === "object" && current !== null && Object.hasOwn(current, key)
        ? (current as Record<string | number, unknown>)[key]
        : undefined,
    value,
  );
}

/** Reads a string. */
export function readString(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = readPath(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** Reads a list. Returns `undefined` for any other value. */
export function readList(value: unknown, ...path: readonly (string | number)[]): unknown[] | undefined {
  const found = readPath(value, ...path);
  return Array.isArray(found) ? found : undefined;
}

/** Describes the kind of a value, without the value. */
export function describeKind(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return Object.keys(value).length === 0 ? "an empty object" : "an object";
  return typeof value === "string" ? (value === "" ? "an empty string" : "a string") : `a ${typeof value}`;
}
