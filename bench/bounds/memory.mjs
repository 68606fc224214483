import { compareRounds } from "./compare-rounds.mjs";

/**
 * @typedef {import("./compare-rounds.mjs").Sample} Sample
 * @typedef {import("./compare-rounds.mjs").Operation} Operation
 */

/** @param {Sample[]} samples @param {Operation} operation */
export const compareSetMemory = (samples, operation) =>
  compareRounds(samples, { workload: "one-source", count: 5000, operation }, ["set", "nothing-set"], {
    what: `set of 5,000, ${operation}: peak memory of all processes ÷ the do-nothing set's`,
    compute: ({ set, "nothing-set": nothing }) => sumPeakMemory(set) / sumPeakMemory(nothing),
    atMost: 1.2,
    floor: { title: "a do-nothing set", compute: () => 1 },
  });

/**
 * The credentials of each organization list all the others. So a copy of `GET /api/v2/org` for each of them would be
 * a million objects.
 * @param {Sample[]} samples
 * @param {Operation} operation
 */
export const computeHubMemory = (samples, operation) =>
  compareRounds(samples, { workload: "hub-all", count: 1000, operation }, ["single", "nothing"], {
    what: `hub of 1,000, credentials that list all, ${operation}: GB of all processes`,
    compute: ({ single }) => getMemoryGB(single),
    atMost: 0.9,
    floor: { title: "a do-nothing resource", compute: ({ nothing }) => getMemoryGB(nothing) },
  });

/** @param {Sample} sample */
const sumPeakMemory = ({ measured }) =>
  Object.values(measured.peakMiB).reduce((sum, peakMiB) => sum + peakMiB, 0);

/** @param {Sample} sample */
const getMemoryGB = ({ measured }) => ((measured.memoryMiB ?? NaN) * 2 ** 20) / 1e9;
