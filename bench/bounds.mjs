import { computeFigures, computeGrowthExponent, computeMedian, computeSpread } from "./figures.mjs";
import { operations } from "./systems/system.mjs";

// Performance bounds. Ratios compare runs of the same round, which are minutes apart. The value is the median
// of the rounds. Bounds of systems or sizes that were not run are omitted.

/**
 * @typedef {object} Bound
 * @property {string} what
 * @property {number} value
 * @property {number} atMost
 * @property {import("./figures.mjs").Spread} [spread] of the rounds
 *
 * @typedef {import("./rounds.mjs").Sample} Sample
 * @typedef {import("./systems/system.mjs").Operation} Operation
 */

/** The concurrent requests of a set. */
const concurrent = 32;

/** @param {Sample[]} samples @returns {Bound[]} */
export function computeBounds(samples) {
  return [
    ...operations.flatMap((operation) => compareSingleWithFloor(samples, operation)),
    ...operations.flatMap((operation) => compareSetWithFloor(samples, operation)),
    ...operations.flatMap((operation) => compareSetWithTofu(samples, operation)),
    ...countCalls(samples),
    ...operations.flatMap((operation) => compareSetMemory(samples, operation)),
    ...operations.flatMap((operation) => computeSetGrowth(samples, operation)),
    ...computeLatencyBound(samples),
  ];
}

/** @param {Sample[]} samples @param {Operation} operation */
const compareSingleWithFloor = (samples, operation) =>
  compareRounds(samples, operation, 1000, ["single", "nothing"], ([single, nothing]) => ({
    what: `single, ${operation}: wall ÷ (1.15 × do-nothing + time with outstanding requests)`,
    value:
      getWallSeconds(single) / (1.15 * getWallSeconds(nothing) + (single?.traffic.concurrentSeconds ?? NaN)),
    atMost: 1,
  }));

/** @param {Sample[]} samples @param {Operation} operation */
const compareSetWithFloor = (samples, operation) =>
  compareRounds(samples, operation, 1000, ["set", "nothing-set", "requests"], ([set, nothing, requests]) => ({
    what: `set, ${operation}: wall ÷ (do-nothing set + 1.2 × the requests alone)`,
    value: getWallSeconds(set) / (getWallSeconds(nothing) + 1.2 * (requests?.traffic.spanSeconds ?? NaN)),
    atMost: 1,
  }));

/** @param {Sample[]} samples @param {Operation} operation */
const compareSetWithTofu = (samples, operation) =>
  compareRounds(samples, operation, 1000, ["set", "tofu"], ([set, tofu]) => ({
    what: `set, ${operation}: wall ÷ OpenTofu's`,
    value: getWallSeconds(set) / getWallSeconds(tofu),
    atMost: 1,
  }));

/** @param {Sample[]} samples @param {Operation} operation */
const compareSetMemory = (samples, operation) =>
  compareRounds(samples, operation, 5000, ["set", "nothing-set"], ([set, nothing]) => ({
    what: `set of 5,000, ${operation}: peak memory of all processes ÷ the do-nothing set's`,
    value: sumPeakMemory(set) / sumPeakMemory(nothing),
    atMost: 1.2,
  }));

/** @param {Sample[]} samples @returns {Bound[]} */
function computeLatencyBound(samples) {
  const creates = samples.filter(
    ({ system, operation, count, latencyMs }) =>
      system === "set" && operation === "create" && count === 1000 && latencyMs > 0,
  );
  return creates.length === 0
    ? []
    : [
        createBound(
          "set, create with latency: first request to last response ÷ (1,000 × latency ÷ 32)",
          creates.map(
            ({ traffic, latencyMs }) => traffic.spanSeconds / ((1000 * latencyMs) / 1000 / concurrent),
          ),
          1.3,
        ),
      ];
}

/** @param {Sample[]} samples @param {Operation} operation @returns {Bound[]} */
function computeSetGrowth(samples, operation) {
  const [small, large] = [100, 5000].map((count) =>
    computeFigures(samples).find(
      (figure) =>
        figure.system === "set" &&
        figure.operation === operation &&
        figure.count === count &&
        figure.latencyMs === 0,
    ),
  );
  if (!small || !large) return [];
  const what = `set, ${operation}: growth exponent of wall from 100 to 5,000`;
  return [{ what, value: computeGrowthExponent(small, large), atMost: 1.1 }];
}

/**
 * Counts the calls of each operation at 1,000. They are exact, so the value is the maximum of the rounds.
 * @param {Sample[]} samples @returns {Bound[]}
 */
function countCalls(samples) {
  /** @type {[string, Operation, "writes" | "lists", number][]} */
  const most = [
    ["single", "no-op", "writes", 0],
    ["single", "no-op", "lists", 0],
    ["single", "refresh", "lists", 1],
    ["set", "create", "writes", 1000],
    ["set", "create", "lists", 2],
    ["set", "no-op", "writes", 0],
    ["set", "no-op", "lists", 0],
    ["set", "refresh", "lists", 1],
    ["set", "change", "writes", 1000],
    ["set", "change", "lists", 2],
    ["set", "destroy", "writes", 1000],
    ["set", "destroy", "lists", 2],
  ];
  return most.flatMap(([system, operation, kind, atMost]) => {
    const those = filterSamples(samples, operation, 1000).filter((sample) => sample.system === system);
    if (those.length === 0) return [];
    const counts = those.map(({ traffic }) =>
      kind === "writes" ? traffic.writes : traffic.calls - traffic.writes,
    );
    return [
      { ...createBound(`${system}, ${operation}: ${kind}`, counts, atMost), value: Math.max(...counts) },
    ];
  });
}

/**
 * Compares systems round by round.
 * @param {Sample[]} samples
 * @param {Operation} operation
 * @param {number} count
 * @param {string[]} systems the systems that a round must have
 * @param {(ofRound: (Sample | undefined)[]) => { what: string, value: number, atMost: number }} compare
 * @returns {Bound[]}
 */
function compareRounds(samples, operation, count, systems, compare) {
  const those = filterSamples(samples, operation, count);
  const rounds = [...new Set(those.map(({ round }) => round))];
  const compared = rounds.flatMap((round) => {
    const ofRound = systems.map((key) => those.find((one) => one.system === key && one.round === round));
    return ofRound.every(Boolean) ? [compare(ofRound)] : [];
  });
  const [first] = compared;
  return first
    ? [
        createBound(
          first.what,
          compared.map(({ value }) => value),
          first.atMost,
        ),
      ]
    : [];
}

/** @param {Sample[]} samples @param {Operation} operation @param {number} count */
const filterSamples = (samples, operation, count) =>
  samples.filter((one) => one.operation === operation && one.count === count && one.latencyMs === 0);

/** @param {string} what @param {number[]} values @param {number} atMost @returns {Bound} */
const createBound = (what, values, atMost) => ({
  what,
  value: computeMedian(values),
  atMost,
  spread: computeSpread(values),
});

/** @param {Sample | undefined} sample */
const getWallSeconds = (sample) => sample?.measured.wallSeconds ?? NaN;

/** @param {Sample | undefined} sample */
const sumPeakMemory = (sample) =>
  Object.values(sample?.measured.peakMiB ?? {}).reduce((sum, peakMiB) => sum + peakMiB, 0);
