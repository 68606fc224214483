import { isOrgConnectionsError, OrgConnectionsError } from "../api/org-connections-error.js";
import { withId } from "../connection/records.js";
import { aFewAtATime } from "../operation/a-few-at-a-time.js";
import type { RecordedSet } from "./types.js";

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

type Failed = Outcome<{ sink: string }>["failures"][number];

/** So many destinations are named in one message. */
const NAMED = 5;

/**
 * What to tell of destinations that failed: one error for each cause, which names those it has befallen. An error's own
 * text names a destination only where that is the cause, and a thousand lines that say the same hide the one that does
 * not.
 *
 * @param members - names of destinations, as far as they are known
 */
export function reasonsOf(failures: readonly Failed[], members: RecordedSet["members"] = {}): Error[] {
  const causes = new Map<string, Failed[]>();
  for (const failed of failures) {
    const cause = String(failed.error);
    causes.set(cause, [...(causes.get(cause) ?? []), failed]);
  }
  return [...causes.values()].map((alike) => {
    const error = alike[0]?.error as Error;
    if (!isOrgConnectionsError(error)) return error;
    const named = alike.slice(0, NAMED).map(({ item: { sink } }) => withId(members[sink]?.sinkOrgName, sink));
    const more = alike.length > NAMED ? ` and ${alike.length - NAMED} more` : "";
    const who =
      alike.length === 1 ? named.join() : `${alike.length} destinations (${named.join(", ")}${more})`;
    return new OrgConnectionsError(
      error.code,
      { happened: `To ${who}: ${error.happened}`, advice: error.advice, detail: error.detail },
      error.facts,
    );
  });
}
