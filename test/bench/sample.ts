import type { Sample } from "../../bench/rounds.mjs";

/** What a test sets. */
export interface Given {
  system: string;
  wall?: number;
  round?: number;
  workload?: Sample["workload"];
  count?: number;
  operation?: Sample["operation"];
  span?: number;
  concurrent?: number;
  latencyMs?: number;
  calls?: number;
  writes?: number;
  /** MiB. */
  memory?: number;
  processes?: number;
}

/** Creates a sample of one operation of one system, with defaults for the other fields. */
export function createSample({ system, wall = 1, round = 1, count = 1000, ...given }: Given): Sample {
  return {
    system,
    operation: given.operation ?? "create",
    workload: given.workload ?? "one-source",
    count,
    latencyMs: given.latencyMs ?? 0,
    round,
    measured: {
      wallSeconds: wall,
      cpuSeconds: wall,
      peakMiB: { provider: given.memory ?? 100 },
      memoryMiB: given.memory ?? 100,
      processes: given.processes ?? 1,
    },
    traffic: {
      calls: given.calls ?? 0,
      writes: given.writes ?? 0,
      concurrentSeconds: given.concurrent ?? 0,
      spanSeconds: given.span ?? 0,
      maxConcurrent: 0,
      refused: 0,
    },
    stateBytes: 1000 * count,
  };
}
