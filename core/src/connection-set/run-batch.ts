import { formatCount } from "../text/phrases.js";
import { isOrgConnectionsError, rephraseError } from "../api/org-connections-error.js";
import { formatNameAndId } from "../connection/format-connection.js";
import { mapConcurrent } from "../operation/map-concurrent.js";
import type { SetState } from "./types.js";

/** The result of a batch. */
export interface BatchResult<T> {
  /** The errors, in the order of the items. */
  failures: { item: T; error: Error }[];
  /** The count of items that were not started. */
  skipped: number;
}

/** The minimum count of consecutive failures that stops a batch. Fewer failures may have separate causes. */
const MIN_FAILURES_TO_STOP = 32;

/**
 * Calls `work` for each item in order, at most `maxConcurrent` at a time. Stops after {@link MIN_FAILURES_TO_STOP} or
 * `maxConcurrent` consecutive failures, whichever is more. Skips the items that have not started, because in an outage, all
 * attempts for a thousand items would take an hour.
 *
 * @param maxConcurrent - the limit of concurrent requests. More concurrent items would only wait and use memory.
 */
export async function runBatch<T>(
  items: readonly T[],
  maxConcurrent: number,
  work: (item: T) => Promise<void>,
): Promise<BatchResult<T>> {
  let skipped = 0;
  let consecutiveFailures = 0;
  const failures = await mapConcurrent(items, maxConcurrent, async (item) => {
    if (consecutiveFailures >= Math.max(maxConcurrent, MIN_FAILURES_TO_STOP)) {
      skipped++;
      return [];
    }
    try {
      await work(item);
      consecutiveFailures = 0;
      return [];
    } catch (error) {
      consecutiveFailures++;
      return [{ item, error: error as Error }];
    }
  });
  return { failures: failures.flat(), skipped };
}

type BatchFailure = BatchResult<{ sink: string }>["failures"][number];

/** The maximum count of destinations in one message. */
const MAX_NAMED = 5;

/**
 * Merges failures with the same cause into one error, because a thousand equal lines would hide a different cause. Each
 * returned `OrgConnectionsError` lists up to {@link MAX_NAMED} failed destinations, which the original messages often do not
 * contain. For any other kind of error, returns the first error of each cause unchanged.
 *
 * @param members - the members by destination, which contain the names of the destinations
 */
export function mergeFailures(failures: readonly BatchFailure[], members: SetState["members"] = {}): Error[] {
  const causes = new Map<string, BatchFailure[]>();
  for (const failed of failures) {
    const cause = String(failed.error);
    causes.set(cause, [...(causes.get(cause) ?? []), failed]);
  }
  return [...causes.values()].map((group) => {
    const error = group[0]?.error as Error;
    if (!isOrgConnectionsError(error)) return error;
    const named = group
      .slice(0, MAX_NAMED)
      .map(({ item: { sink } }) => formatNameAndId(members[sink]?.sinkOrgName, sink));
    const more = group.length > MAX_NAMED ? ` and ${group.length - MAX_NAMED} more` : "";
    const who =
      group.length === 1
        ? `destination ${named.join()}`
        : `${formatCount(group.length, "destination")} (${named.join(", ")}${more})`;
    return rephraseError(error, { happened: `For ${who}: ${error.happened}` });
  });
}
