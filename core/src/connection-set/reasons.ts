import { isOrgConnectionsError, OrgConnectionsError } from "../api/org-connections-error.js";
import { withId } from "../connection/records.js";
import type { Outcome } from "./each.js";
import type { RecordedSet } from "./types.js";

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
