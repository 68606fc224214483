import { UNKNOWN } from "../lifecycle/types.js";
import type { Sharing } from "./change.js";

/** In place of a value that is secret (pulumi/pulumi, pkg/backend/display/json.go). */
const SECRET = "[secret]";

/** Whether a preview gives a mark in place of a value: not known before the `up`, or secret. */
export const isUntold = (value: unknown): boolean => value === UNKNOWN || value === SECRET;

/** A text that the preview tells. */
export const toldText = (value: unknown): string | undefined =>
  typeof value === "string" && !isUntold(value) ? value : undefined;

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
