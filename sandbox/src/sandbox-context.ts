import { FaultList } from "./fault.js";
import type { Call, Outcome } from "./call.js";
import type { Issuer } from "./identity/issuer.js";
import type { ParsedOptions } from "./options.js";
import { RateLimiter } from "./rate-limit.js";
import { RequestLog } from "./request-log.js";
import { SentinelFaults } from "./sentinels.js";
import { Store } from "./store.js";

/** Handles one call. */
export type HandleCall = (context: SandboxContext, call: Call) => Outcome;

/** The data that all requests to one sandbox share. Two sandboxes share nothing. */
export interface SandboxContext {
  store: Store;
  faults: FaultList;
  log: RequestLog;
  limiter: RateLimiter;
  sentinels: SentinelFaults;
  issuer: Issuer;
  latencyMs: number;
  tokenLifetimeSeconds: number;
  handle: HandleCall;
  now: () => Date;
}

/** Creates the context of a new sandbox, without the issuer, whose URL contains the port of the server. */
export function createContext(
  { seed, stateFile, rateLimit, latencyMs, tokenLifetimeSeconds, now = () => new Date() }: ParsedOptions,
  handle: HandleCall,
): Omit<SandboxContext, "issuer"> {
  return {
    store: new Store(seed, stateFile, now),
    faults: new FaultList(),
    log: new RequestLog(),
    limiter: new RateLimiter(rateLimit, now),
    sentinels: new SentinelFaults(),
    latencyMs,
    tokenLifetimeSeconds,
    handle,
    now,
  };
}
