import { UNKNOWN } from "./types.js";

/** One change of one property. */
export interface ChangeDetail {
  /** The property, with its keys and indexes: `["connections", "4dee724d-…", 0]`. */
  path: readonly (string | number)[];
  kind: "add" | "delete" | "update";
  /** Whether the change requires a replacement of the resource. */
  requiresReplacement?: boolean;
}

/** Lists the change of one value, or nothing if it is unchanged. An undefined value is absent. */
export function listValueChange(path: ChangeDetail["path"], before: unknown, after: unknown): ChangeDetail[] {
  if (before === after) return [];
  if (before === undefined) return [{ path, kind: "add" }];
  return [{ path, kind: after === undefined ? "delete" : "update" }];
}

/**
 * Lists the changes between two sorted lists of types. A deleted type has its index in `before`, and an added type has its index in
 * `after`. A deleted and an added type with the same index are one update, because a path can have only one change.
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

/**
 * Marks the changes of properties in `replaces`, and lists them first. Adds a change for a property that has none, because `diff` may
 * name an unchanged property as the cause of a replacement.
 *
 * @param replaces - the names of the properties that require a replacement
 */
export function markReplacements(
  details: readonly ChangeDetail[],
  replaces: readonly string[],
): ChangeDetail[] {
  const listDetails = (name: string) => details.filter(({ path }) => path[0] === name);
  const unchanged = replaces.filter((name) => listDetails(name).length === 0);
  return [
    ...replaces.flatMap((name) =>
      listDetails(name).map((detail) => ({ ...detail, requiresReplacement: true })),
    ),
    ...details.filter(({ path }) => !replaces.includes(String(path[0]))),
    ...unchanged.map((name): ChangeDetail => ({ path: [name], kind: "update", requiresReplacement: true })),
  ];
}
