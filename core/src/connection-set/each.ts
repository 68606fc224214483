import { aFewAtATime } from "../operation/a-few-at-a-time.js";

/** What became of the items. */
export interface Outcome<T> {
  /** What was thrown, in the order of the items. */
  failures: { item: T; error: Error }[];
  /** How many items were left alone. */
  untried: number;
}

/** So many failures in a row are no matter of single items. */
const ENOUGH = 32;

/**
 * Does the work on every item, so many at once, in their order; what fails stops nothing else. More at once than requests
 * may be in flight would only wait in line, and take memory. After as many failures in a row as run at once, or 32 when
 * that is more, the rest is left alone: in an outage a thousand items, each with all its tries, would take an hour.
 */
export async function each<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<Outcome<T>> {
  let untried = 0;
  let inARow = 0;
  const failures = await aFewAtATime(items, atOnce, async (item) => {
    if (inARow >= Math.max(atOnce, ENOUGH)) {
      untried++;
      return [];
    }
    try {
      await work(item);
      inARow = 0;
      return [];
    } catch (error) {
      inARow++;
      return [{ item, error: error as Error }];
    }
  });
  return { failures: failures.flat(), untried };
}
