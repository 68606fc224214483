import { RATE_LIMIT_NAME } from "./rate-limit.js";
import type { FaultAction } from "./fault.js";

/**
 * Sink UUIDs that make a create fail in one exact way, by hand as well as in a test:
 *
 * | sentinel | the create is answered with |
 * |---|---|
 * | `forbidden` | 403 |
 * | `conflict` | 409, although no listing shows such a connection |
 * | `rate-limited` | 429 with a wait of one second, once for each source organization; then as any other sink |
 * | `server-error` | 500 |
 * | `hang` | nothing, until the client gives up (at most 120 s) |
 * | `reset` | a reset of the socket |
 *
 * Nothing is written (but after the one 429). They are no organizations unless the seed has them:
 * `seedWith({ sentinels: true })`, or `--sentinels` on the command line.
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

/** What a create from one organization to a sentinel does, and its memory of the 429 that comes once. */
export class SentinelMemory {
  readonly #limited = new Set<string>();

  /** The failure that this pair calls for; `undefined` for any other sink. */
  take(sourceOrgId: string, sinkOrgId: string): FaultAction | undefined {
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
        return this.#once(sourceOrgId);
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

  /** The 429 may come once again. */
  clear(): void {
    this.#limited.clear();
  }

  #once(sourceOrgId: string): FaultAction | undefined {
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
