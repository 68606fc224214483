import * as v from "valibot";
import { count, createObjectSchema, nonEmptyString, parseInput } from "./input.js";
import { rateLimitSchema, type RateLimitOptions } from "./rate-limit.js";
import { builtInSeed } from "./organizations.js";
import { seedSchema, type SandboxSeed } from "./seed.js";

/** The options of a sandbox. All are optional. */
export interface SandboxOptions {
  /**
   * The port on 127.0.0.1. The sandbox listens on no other address, because its keys are public.
   *
   * @default 0, a free port
   */
  port?: number | undefined;
  /**
   * The file that keeps organizations and connections across restarts. If it exists at the start, it takes precedence
   * over `seed`. It is written before each response that reports a change.
   */
  stateFile?: string | undefined;
  /**
   * The organizations and connections at the start.
   *
   * @default {@link builtInSeed}
   */
  seed?: SandboxSeed | undefined;
  /**
   * The rate limit of each organization.
   *
   * @default no limit and no rate limit headers
   */
  rateLimit?: RateLimitOptions | undefined;
  /**
   * The delay before each request is processed, in milliseconds.
   *
   * @default 0
   */
  latencyMs?: number | undefined;
  /**
   * The time until an access token of a workload identity expires, in seconds.
   *
   * @default 900
   */
  tokenLifetimeSeconds?: number | undefined;
  /**
   * The clock for `created_at`, the `Date` header, the rate limit, tokens and signatures.
   *
   * @default the clock of the machine
   */
  now?: (() => Date) | undefined;
}

const optionsSchema = createObjectSchema({
  port: v.optional(v.pipe(count, v.maxValue(65_535, "must be a port")), 0),
  stateFile: v.optional(nonEmptyString),
  seed: v.optional(seedSchema, builtInSeed),
  rateLimit: v.optional(rateLimitSchema),
  latencyMs: v.optional(count, 0),
  tokenLifetimeSeconds: v.optional(count, 900),
  now: v.optional(v.pipe(v.function("must be a function"), v.returns(v.date("must be a Date")))),
});

/** Parsed options. */
export type ParsedOptions = v.InferOutput<typeof optionsSchema>;

/** Parses the options, because a JavaScript program can pass any value. @throws {@link SandboxInputError} */
export function parseOptions(options: unknown): ParsedOptions {
  return parseInput(optionsSchema, options, "options");
}
