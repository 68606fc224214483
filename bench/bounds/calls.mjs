import { createBound, filterSamples } from "./compare-rounds.mjs";

/**
 * @typedef {import("./compare-rounds.mjs").Sample} Sample
 * @typedef {import("./compare-rounds.mjs").Bound} Bound
 * @typedef {import("./compare-rounds.mjs").Operation} Operation
 * @typedef {import("../workloads.mjs").Workload} Workload
 */

/**
 * The reads of a hub that depend on the engine's timing: each preview check that it starts before its first change lists the
 * organizations and the connections of one source, where a change needs only one of the two. It starts two or three.
 */
const EARLY_CHECKS = 4;

/** Of each operation: the writes, and the calls that only read. @type {[Workload, number, string, Operation, number, number][]} */
const limits = [
  ["hub", 40, "single", "create", 40, 40 + EARLY_CHECKS],
  ["hub", 40, "single", "no-op", 0, 0],
  ["hub", 40, "single", "refresh", 0, 40],
  ["hub", 40, "single", "change", 40, 40 + EARLY_CHECKS],
  ["hub", 40, "single", "destroy", 40, 40],
  ["one-source", 1000, "single", "no-op", 0, 0],
  ["one-source", 1000, "single", "refresh", 0, 1],
  ["one-source", 1000, "set", "create", 1000, 2],
  ["one-source", 1000, "set", "no-op", 0, 0],
  ["one-source", 1000, "set", "refresh", 0, 1],
  ["one-source", 1000, "set", "change", 1000, 2],
  ["one-source", 1000, "set", "destroy", 1000, 2],
];

/**
 * Counts the calls of each operation. They hardly depend on timing, so the value is the maximum of the rounds.
 * @param {Sample[]} samples
 * @returns {Bound[]}
 */
export const countCalls = (samples) =>
  limits.flatMap(([workload, count, system, operation, writes, reads]) => {
    const those = filterSamples(samples, { workload, count, operation }).filter(
      (one) => one.system === system,
    );
    if (those.length === 0) return [];
    const name = workload === "hub" ? `hub of ${count}` : system;
    /** @param {string} kind @param {number[]} counts @param {number} atMost */
    const createExactBound = (kind, counts, atMost) => ({
      ...createBound(`${name}, ${operation}: ${kind}`, counts, atMost),
      value: Math.max(...counts),
    });
    return [
      createExactBound(
        "writes",
        those.map(({ traffic }) => traffic.writes),
        writes,
      ),
      createExactBound(
        "reads",
        those.map(({ traffic }) => traffic.calls - traffic.writes),
        reads,
      ),
    ];
  });
