import { figuresOf, growthExponent, median, spreadOf } from "./figures.mjs";
import { operations } from "./systems/system.mjs";

// What we hold ourselves to. Ratios are taken within a round, between runs that were minutes apart, and the median over
// the rounds counts; a bound whose systems or sizes were not run is left out.

/**
 * @typedef {object} Bound
 * @property {string} what
 * @property {number} value
 * @property {number} atMost
 * @property {import("./figures.mjs").Spread} [spread] over the rounds
 *
 * @typedef {import("./rounds.mjs").Sample} Sample
 * @typedef {import("./systems/system.mjs").Operation} Operation
 */

/** How many requests a set has in flight. */
const inFlight = 32;

/** @param {Sample[]} samples @returns {Bound[]} */
export function boundsOf(samples) {
  return [
    ...operations.flatMap((operation) => singleAgainstFloor(samples, operation)),
    ...operations.flatMap((operation) => setAgainstFloor(samples, operation)),
    ...operations.flatMap((operation) => setAgainstTofu(samples, operation)),
    ...calls(samples),
    ...operations.flatMap((operation) => setMemory(samples, operation)),
    ...operations.flatMap((operation) => setGrowth(samples, operation)),
    ...setWithLatency(samples),
  ];
}

/** @param {Sample[]} samples @param {Operation} operation */
const singleAgainstFloor = (samples, operation) =>
  paired(samples, operation, 1000, ["single", "nothing"], ([single, nothing]) => ({
    what: `single, ${operation}: wall ÷ (1.15 × do-nothing + time with requests in flight)`,
    value: wall(single) / (1.15 * wall(nothing) + (single?.traffic.inFlightSeconds ?? NaN)),
    atMost: 1,
  }));

/** @param {Sample[]} samples @param {Operation} operation */
const setAgainstFloor = (samples, operation) =>
  paired(samples, operation, 1000, ["set", "nothing-set", "requests"], ([set, nothing, requests]) => ({
    what: `set, ${operation}: wall ÷ (do-nothing set + 1.2 × the requests alone)`,
    value: wall(set) / (wall(nothing) + 1.2 * (requests?.traffic.spanSeconds ?? NaN)),
    atMost: 1,
  }));

/** @param {Sample[]} samples @param {Operation} operation */
const setAgainstTofu = (samples, operation) =>
  paired(samples, operation, 1000, ["set", "tofu"], ([set, tofu]) => ({
    what: `set, ${operation}: wall ÷ OpenTofu's`,
    value: wall(set) / wall(tofu),
    atMost: 1,
  }));

/** @param {Sample[]} samples @param {Operation} operation */
const setMemory = (samples, operation) =>
  paired(samples, operation, 5000, ["set", "nothing-set"], ([set, nothing]) => ({
    what: `set of 5,000, ${operation}: peak memory of all processes ÷ the do-nothing set's`,
    value: memory(set) / memory(nothing),
    atMost: 1.2,
  }));

/** @param {Sample[]} samples @returns {Bound[]} */
function setWithLatency(samples) {
  const creates = samples.filter(
    ({ system, operation, count, latencyMs }) =>
      system === "set" && operation === "create" && count === 1000 && latencyMs > 0,
  );
  return creates.length === 0
    ? []
    : [
        bound(
          "set, create with latency: first request to last answer ÷ (1,000 × latency ÷ 32)",
          creates.map(
            ({ traffic, latencyMs }) => traffic.spanSeconds / ((1000 * latencyMs) / 1000 / inFlight),
          ),
          1.3,
        ),
      ];
}

/** @param {Sample[]} samples @param {Operation} operation @returns {Bound[]} */
function setGrowth(samples, operation) {
  const [small, large] = [100, 5000].map((count) =>
    figuresOf(samples).find(
      (figure) =>
        figure.system === "set" &&
        figure.operation === operation &&
        figure.count === count &&
        figure.latencyMs === 0,
    ),
  );
  if (!small || !large) return [];
  const what = `set, ${operation}: growth exponent of wall from 100 to 5,000`;
  return [{ what, value: growthExponent(small, large), atMost: 1.1 }];
}

/** Calls of each operation at 1,000: exact, so the most over the rounds counts. @param {Sample[]} samples @returns {Bound[]} */
function calls(samples) {
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
    const those = at(samples, operation, 1000).filter((sample) => sample.system === system);
    if (those.length === 0) return [];
    const counts = those.map(({ traffic }) =>
      kind === "writes" ? traffic.writes : traffic.calls - traffic.writes,
    );
    return [{ ...bound(`${system}, ${operation}: ${kind}`, counts, atMost), value: Math.max(...counts) }];
  });
}

/**
 * Compares systems round by round.
 * @param {Sample[]} samples
 * @param {Operation} operation
 * @param {number} count
 * @param {string[]} systems all of which a round must have
 * @param {(ofRound: (Sample | undefined)[]) => { what: string, value: number, atMost: number }} compare
 * @returns {Bound[]}
 */
function paired(samples, operation, count, systems, compare) {
  const those = at(samples, operation, count);
  const rounds = [...new Set(those.map(({ round }) => round))];
  const compared = rounds.flatMap((round) => {
    const ofRound = systems.map((key) => those.find((one) => one.system === key && one.round === round));
    return ofRound.every(Boolean) ? [compare(ofRound)] : [];
  });
  const [first] = compared;
  return first
    ? [
        bound(
          first.what,
          compared.map(({ value }) => value),
          first.atMost,
        ),
      ]
    : [];
}

/** @param {Sample[]} samples @param {Operation} operation @param {number} count */
const at = (samples, operation, count) =>
  samples.filter((one) => one.operation === operation && one.count === count && one.latencyMs === 0);

/** @param {string} what @param {number[]} values @param {number} atMost @returns {Bound} */
const bound = (what, values, atMost) => ({ what, value: median(values), atMost, spread: spreadOf(values) });

/** @param {Sample | undefined} sample */
const wall = (sample) => sample?.measured.wallSeconds ?? NaN;

/** @param {Sample | undefined} sample */
const memory = (sample) =>
  Object.values(sample?.measured.peakMiB ?? {}).reduce((sum, peakMiB) => sum + peakMiB, 0);
