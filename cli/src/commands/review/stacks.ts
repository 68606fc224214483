import type { Change } from "../../changes/facts.js";
import type { Block } from "./blocks.js";
import type { Review } from "./review.js";

/** The maximum count of stacks and plans with their own sections. If there are more, all changes are in common sections. */
const MAX_STACKS = 10;

/** The changes of one stack, or of one plan. */
export interface StackChanges {
  location: string;
  changes: readonly Change[];
}

/**
 * Groups the changes by stack or plan. Stacks and plans with a destructive change come first. Those without changes are omitted.
 * Undefined if {@link listStacks} returns only one stack or plan, or more than {@link MAX_STACKS}.
 */
export function groupByLocation(review: Review): StackChanges[] | undefined {
  const stacks = listStacks(review);
  if (stacks.length < 2 || stacks.length > MAX_STACKS) return undefined;
  return stacks.filter(({ changes }) => changes.length > 0);
}

/** Creates a table of all reviewed stacks and plans with the counts of their changes. Empty if there is only one stack or plan. */
export function createStackTable(review: Review): Block[] {
  const stacks = listStacks(review);
  if (stacks.length < 2) return [];
  const rows = stacks.map(({ location, changes }) => ({
    name: [{ code: location }],
    counts: [
      changes.length,
      changes.filter(({ stops }) => stops).length,
      changes.filter(({ starts }) => starts).length,
    ],
  }));
  const head = ["stack or plan", "changes", "⛔ stop or may stop sharing", "share or may share new data"];
  return [{ is: "table", head, rows }];
}

/**
 * Lists the locations of all inputs, even of inputs without changes, and of all changes. A change may have a location that no input
 * has: a preview without steps does not name its stack, so its location is the name of its file. If its `up` deletes what an
 * interrupted replacement left in the state, these deletions have the stack as their location.
 */
function listStacks({ inputs, changes }: Review): StackChanges[] {
  const locations = new Set([...inputs, ...changes].map(({ location }) => location));
  return [...locations]
    .map((location) => ({ location, changes: changes.filter((change) => change.location === location) }))
    .toSorted((a, b) => Number(hasStop(b)) - Number(hasStop(a)));
}

const hasStop = ({ changes }: StackChanges): boolean => changes.some(({ stops }) => stops !== undefined);
