import { computeMedian, computeSpread } from "./figures.mjs";

/**
 * A limit of a figure. `value` is the median of the rounds. The floor is the same figure for a system that
 * cannot do less; it explains how much of the value is not ours.
 * @typedef {object} Bound
 * @property {string} what
 * @property {Operation} [operation]
 * @property {number} value
 * @property {number} atMost
 * @property {import("./figures.mjs").Spread} [spread] of the rounds
 * @property {{ title: string, value: number }} [floor]
 *
 * @typedef {import("./rounds.mjs").Sample} Sample
 * @typedef {import("./systems/system.mjs").Operation} Operation
 *
 * @typedef {object} Size
 * @property {import("./workloads.mjs").Workload} workload
 * @property {number} count
 * @property {Operation} operation
 */

/** @param {Sample[]} samples @param {Size} size without latency */
export const filterSamples = (samples, { workload, count, operation }) =>
  samples.filter(
    (one) =>
      one.workload === workload && one.count === count && one.operation === operation && one.latencyMs === 0,
  );

/**
 * Compares systems round by round, because the runs of one round are minutes apart at most. Returns no bound
 * if no round has all of the systems.
 * @template {string} Key
 * @param {Sample[]} samples
 * @param {Size} size
 * @param {readonly Key[]} systems
 * @param {{ what: string, atMost: number, compute: (ofRound: Record<Key, Sample>) => number,
 *   floor?: { title: string, compute: (ofRound: Record<Key, Sample>) => number } }} bound
 * @returns {Bound[]}
 */
export function compareRounds(samples, size, systems, { what, atMost, compute, floor }) {
  const those = filterSamples(samples, size);
  const rounds = [...new Set(those.map(({ round }) => round))].flatMap((round) => {
    const found = systems.map((key) => those.find((one) => one.system === key && one.round === round));
    if (!found.every((one) => one !== undefined)) return [];
    return [
      /** @type {Record<Key, Sample>} */ (Object.fromEntries(systems.map((key, at) => [key, found[at]]))),
    ];
  });
  if (rounds.length === 0) return [];
  const bound = createBound({ what, operation: size.operation }, rounds.map(compute), atMost);
  return [
    floor
      ? { ...bound, floor: { title: floor.title, value: computeMedian(rounds.map(floor.compute)) } }
      : bound,
  ];
}

/** @param {Pick<Bound, "what" | "operation">} name @param {number[]} values @param {number} atMost @returns {Bound} */
export const createBound = (name, values, atMost) => ({
  ...name,
  value: computeMedian(values),
  atMost,
  spread: computeSpread(values),
});

/** @param {Sample} sample */
export const getWallSeconds = ({ measured }) => measured.wallSeconds;
