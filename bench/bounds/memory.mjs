import { compareRounds, filterSamples } from "./compare-rounds.mjs";

/**
 * @typedef {import("./compare-rounds.mjs").Sample} Sample
 * @typedef {import("./compare-rounds.mjs").Operation} Operation
 */

/**
 * The floor has two parts: the engine with a set that does nothing, and what 5,000 requests add to a Node process.
 * @param {Sample[]} samples
 * @param {Operation} operation
 */
export function compareSetMemory(samples, operation) {
  const size = /** @type {const} */ ({ workload: "one-source", count: 5000 });
  const idle = filterSamples(samples, { ...size, operation: "no-op" }).filter(
    ({ system }) => system === "requests",
  );
  return compareRounds(samples, { ...size, operation }, ["set", "nothing-set", "requests"], {
    what: `set of 5,000, ${operation}: peak memory of all processes ÷ the do-nothing set's`,
    compute: ({ set, "nothing-set": nothing }) => sumPeakMemory(set) / sumPeakMemory(nothing),
    atMost: 1.2,
    floor: {
      title: "a do-nothing set, and what the requests alone add to a Node process",
      compute: ({ requests, "nothing-set": nothing }) => {
        const withoutRequests = idle.find(({ round }) => round === requests.round);
        const added = withoutRequests ? sumPeakMemory(requests) - sumPeakMemory(withoutRequests) : 0;
        return 1 + added / sumPeakMemory(nothing);
      },
    },
  });
}

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
