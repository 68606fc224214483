import { expect } from "vitest";
import { UNKNOWN } from "../../../core/src/connection/types.js";

/** Lists the paths of the values that a plan knows, and that the change did not result in. */
function findWrongValues(planned: unknown, actual: unknown, path = ""): string[] {
  if (planned === UNKNOWN) return [];
  if (typeof planned !== "object" || planned === null)
    return planned === actual ? [] : [`${path}: ${JSON.stringify([planned, actual])}`];
  const isListOrObject = typeof actual === "object" && actual !== null;
  if (!isListOrObject) return [`${path}: ${JSON.stringify([planned, actual])}`];
  // A missing property is a known one: the preview shows no value.
  return [...new Set([...Object.keys(planned), ...Object.keys(actual)])].flatMap((key) =>
    findWrongValues(Reflect.get(planned, key), Reflect.get(actual, key), `${path}.${key}`),
  );
}

/** Lists the properties that a plan knows, without those that have no value. */
export const listKnown = (planned: object): string[] =>
  Object.entries(planned)
    .filter(([, value]) => value !== undefined && value !== UNKNOWN)
    .map(([name]) => name)
    .sort();

/** Expects that a change resulted in what the plan knows. */
export const expectPlanHolds = (planned: object, actual: object): void =>
  expect(findWrongValues(planned, actual)).toEqual([]);
