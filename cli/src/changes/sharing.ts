import { isUntold } from "../stack/told.js";
import type { Sharing } from "./change.js";

/** The types of an input: a list, a mark, or nothing. */
export function typesOf(value: unknown): Pick<Sharing, "connectionTypes" | "openTypes"> {
  if (value === undefined || value === null) return { connectionTypes: [], openTypes: "left-to-datadog" };
  if (!Array.isArray(value)) return { connectionTypes: [], openTypes: "not-told" };
  const told = value.filter((type): type is string => typeof type === "string" && !isUntold(type));
  return {
    connectionTypes: told.toSorted(),
    ...(told.length < value.length && { openTypes: "not-told" as const }),
  };
}

/** The types of a state: all of them, or a mark. */
export const recordedTypes = (types: string[] | undefined): Pick<Sharing, "connectionTypes" | "openTypes"> =>
  types ? { connectionTypes: types } : { connectionTypes: [], openTypes: "not-told" };

/** The entries of one list that the other lacks. */
export const without = (list: readonly string[], other: readonly string[]): string[] =>
  list.filter((entry) => !other.includes(entry));

/** What a connection that stays one and the same shares more and less. Types left to Datadog stay as they are. */
export function difference(before: Sharing, after: Sharing): { gained: string[]; lost: string[] } {
  if (after.openTypes === "left-to-datadog") return { gained: [], lost: [] };
  return {
    gained: without(after.connectionTypes, before.connectionTypes),
    lost: after.openTypes === "not-told" ? [] : without(before.connectionTypes, after.connectionTypes),
  };
}
