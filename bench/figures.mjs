/**
 * A figure over the rounds.
 * @typedef {{ median: number, least: number, most: number }} Spread
 *
 * What one system came to in one operation at one size.
 * @typedef {object} Figure
 * @property {string} system
 * @property {import("./systems/system.mjs").Operation} operation
 * @property {number} count connections
 * @property {number} latencyMs
 * @property {number} rounds
 * @property {Spread} wallSeconds
 * @property {Spread | undefined} cpuSeconds
 * @property {Spread} calls
 * @property {Spread} writes
 * @property {Spread} inFlightSeconds
 * @property {Spread} spanSeconds from the first request to the last answer
 * @property {Record<string, number>} peakMiB median by process
 * @property {number | undefined} stateBytes median
 */

/** @typedef {import("./rounds.mjs").Sample} Sample */

/** @param {number[]} values one at least */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

/** @param {number[]} values @returns {Spread} */
export function spreadOf(values) {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/** @param {Sample[]} samples @returns {Figure[]} in the order of the samples */
export function figuresOf(samples) {
  /** @type {Map<string, Sample[]>} */
  const groups = new Map();
  for (const sample of samples) {
    const { system, operation, count, latencyMs } = sample;
    const group = `${system} ${operation} ${count} ${latencyMs}`;
    groups.set(group, [...(groups.get(group) ?? []), sample]);
  }
  return [...groups.values()].map(figureOf);
}

/** @param {Sample[]} samples of one group */
function figureOf(samples) {
  const { system, operation, count, latencyMs } = /** @type {Sample} */ (samples[0]);
  /** @param {(sample: Sample) => number | undefined} pick */
  const values = (pick) => samples.map(pick).filter((value) => value !== undefined);
  const cpu = values(({ measured }) => measured.cpuSeconds);
  const bytes = values(({ stateBytes }) => stateBytes);
  const names = [...new Set(samples.flatMap(({ measured }) => Object.keys(measured.peakMiB)))];
  return {
    system,
    operation,
    count,
    latencyMs,
    rounds: samples.length,
    wallSeconds: spreadOf(values(({ measured }) => measured.wallSeconds)),
    cpuSeconds: cpu.length > 0 ? spreadOf(cpu) : undefined,
    calls: spreadOf(values(({ traffic }) => traffic.calls)),
    writes: spreadOf(values(({ traffic }) => traffic.writes)),
    inFlightSeconds: spreadOf(values(({ traffic }) => traffic.inFlightSeconds)),
    spanSeconds: spreadOf(values(({ traffic }) => traffic.spanSeconds)),
    peakMiB: Object.fromEntries(
      names.map((name) => [name, median(values(({ measured }) => measured.peakMiB[name]))]),
    ),
    stateBytes: bytes.length > 0 ? median(bytes) : undefined,
  };
}

/**
 * How cost grows: the exponent k of N^k between two sizes. 1 is in step with the number of connections.
 * @param {Figure} small
 * @param {Figure} large
 */
export function growthExponent(small, large) {
  return Math.log(large.wallSeconds.median / small.wallSeconds.median) / Math.log(large.count / small.count);
}
