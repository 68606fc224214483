import { computeFigures, computeGrowthExponent } from "../figures.mjs";

/**
 * @typedef {import("./compare-rounds.mjs").Sample} Sample
 * @typedef {import("./compare-rounds.mjs").Bound} Bound
 * @typedef {import("./compare-rounds.mjs").Operation} Operation
 */

/** @param {Sample[]} samples @param {Operation} operation @returns {Bound[]} */
export function computeSetGrowth(samples, operation) {
  const [value, floor] = ["set", "nothing-set"].map((system) => {
    const those = samples.filter(
      (one) =>
        one.system === system &&
        one.operation === operation &&
        one.workload === "one-source" &&
        one.latencyMs === 0,
    );
    const [small, large] = [100, 5000].map(
      (count) => computeFigures(those.filter((one) => one.count === count))[0],
    );
    return small && large ? computeGrowthExponent(small, large) : undefined;
  });
  if (value === undefined) return [];
  return [
    {
      what: `set, ${operation}: growth exponent of wall from 100 to 5,000`,
      value,
      atMost: 1.1,
      ...(floor !== undefined && { floor: { title: "a do-nothing set", value: floor } }),
    },
  ];
}
