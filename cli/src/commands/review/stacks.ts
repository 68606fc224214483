import { mayAddTypes, isDestructive, type Change } from "../../changes/change.js";
import { formatCodeCell } from "../../shared/markdown.js";
import type { Review } from "./review.js";

/** With more stacks, the changes of all stacks are in the same sections. */
const MAX_STACKS = 10;

/** The changes of one stack, or of one plan. */
export interface StackChanges {
  location: string;
  changes: readonly Change[];
}

/**
 * Groups changes by stack, without the stacks that do not change. The stacks with a change that stops or may stop sharing come first.
 * Undefined if {@link listStacks} returns only one stack, or too many.
 */
export function groupByLocation(review: Review): StackChanges[] | undefined {
  const stacks = listStacks(review);
  if (stacks.length < 2 || stacks.length > MAX_STACKS) return undefined;
  return stacks.filter(({ changes }) => changes.length > 0);
}

/** Formats a table of the stacks with their counts; empty if there is only one. */
export function formatStackTable(review: Review): string[] {
  const stacks = listStacks(review);
  if (stacks.length < 2) return [];
  const rows = stacks.map(({ location, changes: own }) => {
    const counts = [own.length, own.filter(isDestructive).length, own.filter(mayAddTypes).length];
    return `| ${formatCodeCell(location)} | ${counts.join(" | ")} |`;
  });
  return [
    [
      "| stack or plan | changes | ⛔ stop or may stop sharing | share new data |",
      "| --- | ---: | ---: | ---: |",
      ...rows,
    ].join("\n"),
  ];
}

/**
 * Lists all reviewed stacks and plans, also those without changes. A preview without steps does not name its stack, so what it deletes of
 * an interrupted replacement may be in a stack that is not in `inputs`, which is listed too.
 */
function listStacks({ inputs, changes }: Review): StackChanges[] {
  const locations = new Set([...inputs, ...changes].map(({ location }) => location));
  return [...locations]
    .map((location) => ({ location, changes: changes.filter((change) => change.location === location) }))
    .toSorted((a, b) => Number(b.changes.some(isDestructive)) - Number(a.changes.some(isDestructive)));
}
