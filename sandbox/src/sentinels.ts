import { RATE_LIMIT_NAME } from "./rate-limit.js";
import type { FaultAction } from "./fault.js";

/**
 * UUIDs of destination organizations for which each create fails in a specific way, for manual use and tests:
 *
 * | sentinel | response of the create |
 * |---|---|
 * | `forbidden` | 403 |
 * | `conflict` | 409, although no list has such a connection |
 * | `rate-limited` | 429 with a wait of one second for the first create of each source organization, then as for other destinations |
 * | `server-error` | 500 |
 * | `hang` | nothing, until the client gives up (at most 120 s) |
 * | `reset` | a reset of the socket |
 *
 * Except after the 429, nothing is written. No organizations have these UUIDs unless the seed adds them:
 * `createSeed({ sentinels: true })`, or `--sentinels` on the command line.
 */
export const sentinels = {
  forbidden: "5e471e10-0000-4000-8000-000000000403",
  conflict: "5e471e10-0000-4000-8000-000000000409",
  "rate-limited": "5e471e10-0000-4000-8000-000000000429",
  "server-error": "5e471e10-0000-4000-8000-000000000500",
  hang: "5e471e10-0000-4000-8000-00000000f00d",
  reset: "5e471e10-0000-4000-8000-00000000dead",
} as const;

/** The name of one sentinel. */
export type SentinelName = keyof typeof sentinels;

/** The failures of creates to sentinels. Tracks which organizations have received the 429, because each gets one. */
export class SentinelFaults {
  readonly #limited = new Set<string>();

  /** Returns the failure of a create to a sentinel, or `undefined` for any other destination. */
  takeFault(sourceOrgId: string, sinkOrgId: string): FaultAction | undefined {
    switch (sinkOrgId) {
      case sentinels.forbidden:
        return { kind: "status", status: 403, body: { errors: ["Forbidden"] } };
      case sentinels.conflict:
        return {
          kind: "status",
          status: 409,
          body: { errors: [`connection between orgs ${sourceOrgId} and ${sinkOrgId} already exists`] },
        };
      case sentinels["rate-limited"]:
        return this.#takeRateLimit(sourceOrgId);
      case sentinels["server-error"]:
        return { kind: "status", status: 500 };
      case sentinels.hang:
        return { kind: "hang" };
      case sentinels.reset:
        return { kind: "reset" };
      default:
        return undefined;
    }
  }

  /** Lets each organization receive the 429 again. */
  clear(): void {
    this.#limited.clear();
  }

  #takeRateLimit(sourceOrgId: string): FaultAction | undefined {
    if (this.#limited.has(sourceOrgId)) return undefined;
    this.#limited.add(sourceOrgId);
    const headers = {
      "X-RateLimit-Limit": "1",
      "X-RateLimit-Period": "1",
      "X-RateLimit-Remaining": "0",
      "X-RateLimit-Reset": "1",
      "X-RateLimit-Name": RATE_LIMIT_NAME,
    };
    return { kind: "status", status: 429, headers };
  }
}
