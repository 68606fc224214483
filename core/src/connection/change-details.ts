import { UNKNOWN } from "./types.js";

/** One change of one property. */
export interface ChangeDetail {
  /** The property, with its keys and indexes: `["connections", "4dee724d-…", 0]`. */
  path: readonly (string | number)[];
  kind: "add" | "delete" | "update";
  /** Whether the change requires a replacement. */
  replaces?: boolean;
}

/** Lists the change of a value, which may be absent (undefined). */
export function listValueChange(path: ChangeDetail["path"], before: unknown, after: unknown): ChangeDetail[] {
  if (before === after) return [];
  if (before === undefined) return [{ path, kind: "add" }];
  return [{ path, kind: after === undefined ? "delete" : "update" }];
}

/**
 * Lists the changes of a sorted set of types. An element that is deleted has the index of the old list, an added one that of the
 * new list. If both are at the same index, they are one update, because a path can have only one change.
 */
export function listTypeChanges(
  path: ChangeDetail["path"],
  before: readonly string[],
  after: readonly string[],
): ChangeDetail[] {
  // If one type is unknown, all indexes are unknown, because the list is sorted.
  if ([...before, ...after].includes(UNKNOWN)) return [{ path, kind: "update" }];
  const deleted = new Set(before.flatMap((type, at) => (after.includes(type) ? [] : [at])));
  const added = new Set(after.flatMap((type, at) => (before.includes(type) ? [] : [at])));
  return [...new Set([...deleted, ...added])].map((at) => ({
    path: [...path, at],
    kind: deleted.has(at) ? (added.has(at) ? "update" : "delete") : "add",
  }));
}

/** Marks the changes of properties that require a replacement. Such a property may be unchanged itself. */
export function markReplacements(
  details: readonly ChangeDetail[],
  replaces: readonly string[],
): ChangeDetail[] {
  const unchanged = replaces.filter((name) => details.every(({ path }) => path[0] !== name));
  return [
    ...details.map((detail) =>
      replaces.includes(String(detail.path[0])) ? { ...detail, replaces: true } : detail,
    ),
    ...unchanged.map((name): ChangeDetail => ({ path: [name], kind: "update", replaces: true })),
  ];
}
