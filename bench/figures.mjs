/**
 * A figure of all rounds.
 * @typedef {{ median: number, least: number, most: number }} Spread
 *
 * The figures of one system in one operation at one size.
 * @typedef {object} Figure
 * @property {string} system
 * @property {import("./systems/system.mjs").Operation} operation
 * @property {import("./workloads.mjs").Workload} workload
 * @property {number} count
 * @property {number} latencyMs
 * @property {number} rounds
 * @property {Spread} wallSeconds
 * @property {Spread | undefined} cpuSeconds
 * @property {Spread} calls
 * @property {Spread} writes
 * @property {Spread} concurrentSeconds
 * @property {Spread} spanSeconds from the first request to the last response
 * @property {Spread | undefined} memoryMiB of all processes at one time
 * @property {Spread | undefined} processes
 * @property {Record<string, number>} peakMiB median by process
 * @property {number | undefined} stateBytes median
 */

/** @typedef {import("./rounds.mjs").Sample} Sample */

/** @param {number[]} values at least one */
export function computeMedian(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

/** @param {number[]} values @returns {Spread} */
export function computeSpread(values) {
  return {
    median: computeMedian(values),
    least: Math.min(...values),
    most: Math.max(...values),
  };
}

/** @param {Sample[]} samples @returns {Figure[]} in the order of the samples */
export function computeFigures(samples) {
  /** @type {Map<string, Sample[]>} */
  const groups = new Map();
  for (const sample of samples) {
    const { system, operation, workload, count, latencyMs } = sample;
    const group = [system, operation, workload, count, latencyMs].join(" ");
    groups.set(group, [...(groups.get(group) ?? []), sample]);
  }
  return [...groups.values()].map(computeFigure);
}

/** @param {Sample[]} samples of one group */
function computeFigure(samples) {
  const { system, operation, workload, count, latencyMs } = /** @type {Sample} */ (samples[0]);
  /** @param {(sample: Sample) => number | undefined} pick */
  const collectValues = (pick) => samples.map(pick).filter((value) => value !== undefined);
  /** @param {(sample: Sample) => number | undefined} pick */
  const computeSpreadIfAny = (pick) => {
    const values = collectValues(pick);
    return values.length > 0 ? computeSpread(values) : undefined;
  };
  const names = [...new Set(samples.flatMap(({ measured }) => Object.keys(measured.peakMiB)))];
  return {
    system,
    operation,
    workload,
    count,
    latencyMs,
    rounds: samples.length,
    wallSeconds: computeSpread(collectValues(({ measured }) => measured.wallSeconds)),
    cpuSeconds: computeSpreadIfAny(({ measured }) => measured.cpuSeconds),
    calls: computeSpread(collectValues(({ traffic }) => traffic.calls)),
    writes: computeSpread(collectValues(({ traffic }) => traffic.writes)),
    concurrentSeconds: computeSpread(collectValues(({ traffic }) => traffic.concurrentSeconds)),
    spanSeconds: computeSpread(collectValues(({ traffic }) => traffic.spanSeconds)),
    memoryMiB: computeSpreadIfAny(({ measured }) => measured.memoryMiB),
    processes: computeSpreadIfAny(({ measured }) => measured.processes),
    peakMiB: Object.fromEntries(
      names.map((name) => [name, computeMedian(collectValues(({ measured }) => measured.peakMiB[name]))]),
    ),
    stateBytes: computeSpreadIfAny(({ stateBytes }) => stateBytes)?.median,
  };
}

/**
 * Computes how cost grows: the exponent k of N^k between two sizes. 1 means proportional to the count of
 * connections.
 * @param {Figure} small
 * @param {Figure} large
 */
export function computeGrowthExponent(small, large) {
  return Math.log(large.wallSeconds.median / small.wallSeconds.median) / Math.log(large.count / small.count);
}
