import { FaultList } from "./fault-list.js";
import type { ParsedOptions } from "./options.js";
import { RateLimiter } from "./rate-limit.js";
import { RequestLog } from "./request-log.js";
import { SentinelFaults } from "./sentinels.js";
import { Store } from "./store.js";

/** The data that all requests to one sandbox share. Two sandboxes share nothing. */
export interface SandboxContext {
  store: Store;
  faults: FaultList;
  log: RequestLog;
  limiter: RateLimiter;
  sentinels: SentinelFaults;
  latencyMs: number;
  now: () => Date;
}

/** Creates the context of a new sandbox. */
export function createContext({
  seed,
  stateFile,
  rateLimit,
  latencyMs,
  now = () => new Date(),
}: ParsedOptions): SandboxContext {
  return {
    store: new Store(seed, stateFile, now),
    faults: new FaultList(),
    log: new RequestLog(),
    limiter: new RateLimiter(rateLimit, now),
    sentinels: new SentinelFaults(),
    latencyMs,
    now,
  };
}
