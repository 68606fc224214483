import { isOrgConnectionsError, OrgConnectionsError } from "../../errors/org-connections-error.js";

/** What failed for one destination. */
export interface Failed {
  sink: string;
  error: Error;
}

/** So many destinations are named in one message. */
const NAMED = 5;

/**
 * What to tell of destinations that failed: one error for each cause, which names those it has befallen. An error's own
 * text names a destination only where that is the cause, and a thousand lines that say the same hide the one that does
 * not.
 *
 * @param nameOf - the destination's name, where it is known
 */
export function reasonsOf(
  failures: readonly Failed[],
  nameOf: (sink: string) => string | undefined,
): Error[] {
  const causes = new Map<string, Failed[]>();
  for (const failed of failures) {
    const cause = String(failed.error);
    causes.set(cause, [...(causes.get(cause) ?? []), failed]);
  }
  const told = (sink: string) => {
    const name = nameOf(sink);
    return name === undefined ? sink : `${name} (${sink})`;
  };
  return [...causes.values()].map((alike) => {
    const error = alike[0]?.error as Error;
    if (!isOrgConnectionsError(error)) return error;
    const named = alike.slice(0, NAMED).map(({ sink }) => told(sink));
    const more = alike.length > NAMED ? ` and ${alike.length - NAMED} more` : "";
    const who =
      alike.length === 1 ? named.join() : `${alike.length} destinations (${named.join(", ")}${more})`;
    return new OrgConnectionsError(error.code, `To ${who}: ${error.text}`, error.facts);
  });
}
