import { hasAddedTypes, isDestructive, type Change } from "../../changes/change.js";
import { formatCodeCell } from "../../shared/markdown.js";
import { groupBy } from "./group.js";

/** With more stacks, the changes of all stacks are in the same sections. */
const MAX_STACKS = 10;

/** The changes of one stack, or of one plan. */
export interface StackChanges {
  location: string;
  changes: readonly Change[];
}

/** Groups changes by stack, those that stop sharing first; undefined if a section per stack is of no use. */
export function groupByLocation(changes: readonly Change[]): StackChanges[] | undefined {
  const stacks = listStacks(changes);
  return stacks.length > 1 && stacks.length <= MAX_STACKS ? stacks : undefined;
}

/** A table of the stacks with their counts; empty if there is only one. */
export function formatStackTable(changes: readonly Change[]): string[] {
  const stacks = listStacks(changes);
  if (stacks.length < 2) return [];
  const rows = stacks.map(({ location, changes: own }) => {
    const counts = [own.length, own.filter(isDestructive).length, own.filter(hasAddedTypes).length];
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

const listStacks = (changes: readonly Change[]): StackChanges[] =>
  groupBy(changes, ({ location }) => location)
    .map((group) => ({ location: group[0].location, changes: group }))
    .toSorted((a, b) => Number(b.changes.some(isDestructive)) - Number(a.changes.some(isDestructive)));
