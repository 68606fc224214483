import type { Run } from "../gateway/run.js";
import type { ProbeContext } from "../probes/probe-context.js";

/** How one journey ended. */
export interface JourneyResult {
  name: string;
  result: "passed" | "failed" | "not run";
  /** Why it failed or was not run. Empty if it passed. */
  why: string;
}

/** What all journeys share. */
export interface JourneyContext {
  /** The environment of the two organizations, in which all requests go to the gateway. It contains credentials. */
  env: Readonly<Record<string, string | undefined>>;
  /** The folder of the repository. */
  root: string;
  run: Run;
  probes: ProbeContext;
  /** The folder of the Pulumi CLI. Missing if no journey needs it. */
  pulumiDir: string | undefined;
  logLine: (line: string) => void;
}

/** A step of a journey went wrong. The message has no id and no credential. */
export class JourneyFailed extends Error {
  override readonly name = "JourneyFailed";
}

/** Fails a journey unless a condition holds. */
export function expectThat(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new JourneyFailed(problem);
}
