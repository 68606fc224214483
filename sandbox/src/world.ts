import * as v from "valibot";
import { FaultList } from "./fault-list.js";
import { count, filledString, objectOf, parseInput } from "./input.js";
import { rateLimit, RateLimiter, type RateLimitOptions } from "./rate-limit.js";
import { RequestLog } from "./request-log.js";
import { builtInSeed, seed, type SandboxSeed } from "./seed.js";
import { SentinelMemory } from "./sentinels.js";
import { Store } from "./store.js";

/** How a sandbox is set up. All of it may be left out. */
export interface SandboxOptions {
  /** Default 0: a free port. It listens on 127.0.0.1 only, since its keys are known to everybody. */
  port?: number | undefined;
  /**
   * Where organizations and connections outlive a restart. Read at the start, when it then outranks `seed`; written
   * before each answer that tells of a change.
   */
  stateFile?: string | undefined;
  /** Default: {@link builtInSeed}. */
  seed?: SandboxSeed | undefined;
  /** Requests per organization. Default: no limit, and no rate limit headers. */
  rateLimit?: RateLimitOptions | undefined;
  /** A wait before each request is looked at. Default 0. */
  latencyMs?: number | undefined;
  /** The clock of `created_at`, `Date` and the rate limit. Default: the machine's. */
  now?: (() => Date) | undefined;
}

const optionsSchema = objectOf({
  port: v.optional(v.pipe(count, v.maxValue(65_535, "must be a port")), 0),
  stateFile: v.optional(filledString),
  seed: v.optional(seed, builtInSeed),
  rateLimit: v.optional(rateLimit),
  latencyMs: v.optional(count, 0),
  now: v.optional(v.pipe(v.function("must be a function"), v.returns(v.date("must be a Date")))),
});

/** The options of a program, parsed. */
type ParsedOptions = v.InferOutput<typeof optionsSchema>;

/** Parses the options of a program, which in JavaScript can be anything. */
export function parseOptions(options: unknown): ParsedOptions {
  return parseInput(optionsSchema, options, "options");
}

/** All that one sandbox knows; nothing is shared between two of them. */
export interface World {
  store: Store;
  faults: FaultList;
  log: RequestLog;
  limiter: RateLimiter;
  sentinels: SentinelMemory;
  latencyMs: number;
  now: () => Date;
}

/** Creates the world at the start. */
export function createWorld({
  seed,
  stateFile,
  rateLimit,
  latencyMs,
  now = () => new Date(),
}: ParsedOptions): World {
  return {
    store: new Store(seed, stateFile, now),
    faults: new FaultList(),
    log: new RequestLog(),
    limiter: new RateLimiter(rateLimit, now),
    sentinels: new SentinelMemory(),
    latencyMs,
    now,
  };
}
