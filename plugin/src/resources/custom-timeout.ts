import { AsyncLocalStorage } from "node:async_hooks";
import { formatCount } from "datadog-org-connections-core/text/phrases.js";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";

/** The end of a call, by its option `customTimeouts`. */
interface Deadline {
  /** In milliseconds, from `performance.now`. */
  at: number;
  seconds: number;
}

const deadlines = new AsyncLocalStorage<Deadline>();

/**
 * Runs a call of the engine with the option `customTimeouts` of its resource. The engine only passes the option on. A request that was
 * sent is not interrupted, because its outcome would be unknown.
 *
 * @param seconds - 0 without the option
 */
export const runWithTimeout = <T>(seconds: number, call: () => T): T =>
  seconds > 0 ? deadlines.run({ at: performance.now() + seconds * 1000, seconds }, call) : call();

/** Refuses the next write of a call after its timeout. @throws `deadline-exceeded` */
export function requireTimeLeft(): void {
  const deadline = deadlines.getStore();
  if (!deadline || performance.now() < deadline.at) return;
  throw new OrgConnectionsError("deadline-exceeded", {
    happened: `The timeout of this resource (\`customTimeouts\`), ${formatCount(deadline.seconds, "second")}, ended before this change, so it was not made.`,
    advice: "Increase `customTimeouts`, then run `pulumi up` to apply the remaining changes.",
  });
}
