import { operations } from "../systems/system.mjs";
import { compareRounds, getWallSeconds } from "./compare-rounds.mjs";

/**
 * @typedef {import("./compare-rounds.mjs").Sample} Sample
 * @typedef {import("./compare-rounds.mjs").Size} Size
 */

/** What is compared with OpenTofu: a system, the sizes and the limit of the ratio. */
const comparisons = /** @type {const} */ ([
  { system: "plugin-yaml", floor: "nothing-plugin", workload: "one-source", count: 3, atMost: 1 },
  { system: "plugin-yaml-set", floor: "nothing-plugin-set", workload: "one-source", count: 100, atMost: 1 },
  {
    system: "plugin-yaml-set",
    floor: "nothing-plugin-set",
    workload: "one-source",
    count: 1000,
    atMost: 1 / 3,
  },
  { system: "plugin-yaml", floor: "nothing-plugin", workload: "hub", count: 40, atMost: 1 / 3 },
  { system: "plugin-yaml", floor: "nothing-plugin", workload: "hub", count: 100, atMost: 1 / 3 },
  { system: "single", floor: "nothing", workload: "hub", count: 40, atMost: 1 / 3 },
  { system: "single", floor: "nothing", workload: "hub", count: 100, atMost: 1 / 3 },
]);

/** @param {Sample[]} samples */
export const comparePluginWithTofu = (samples) =>
  comparisons.flatMap(({ system, floor, workload, count, atMost }) =>
    operations.flatMap((operation) =>
      compareRounds(samples, { workload, count, operation }, [system, floor, "tofu"], {
        what: `${system}, ${workload} of ${count}, ${operation}: wall ÷ OpenTofu's`,
        compute: (ofRound) => getWallSeconds(ofRound[system]) / getWallSeconds(ofRound.tofu),
        atMost,
        floor: {
          title: floor === "nothing" ? "a do-nothing resource" : "a do-nothing plugin",
          compute: (ofRound) => getWallSeconds(ofRound[floor]) / getWallSeconds(ofRound.tofu),
        },
      }),
    ),
  );
