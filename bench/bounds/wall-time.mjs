import { compareRounds, getWallSeconds } from "./compare-rounds.mjs";

/**
 * @typedef {import("./compare-rounds.mjs").Sample} Sample
 * @typedef {import("./compare-rounds.mjs").Size} Size
 * @typedef {import("./compare-rounds.mjs").Operation} Operation
 */

/** @param {Sample[]} samples @param {Operation} operation */
export function compareSingleWithFloor(samples, operation) {
  /** @type {Size} */
  const size = { workload: "one-source", count: 1000, operation };
  /** @param {Record<"single" | "nothing", Sample>} ofRound */
  const computeLimit = ({ single, nothing }) =>
    1.15 * getWallSeconds(nothing) + single.traffic.concurrentSeconds;
  return compareRounds(samples, size, ["single", "nothing"], {
    what: `single, ${operation}: wall ÷ (1.15 × do-nothing + time with outstanding requests)`,
    compute: (ofRound) => getWallSeconds(ofRound.single) / computeLimit(ofRound),
    atMost: 1,
    floor: {
      title: "a do-nothing resource",
      compute: (ofRound) => getWallSeconds(ofRound.nothing) / computeLimit(ofRound),
    },
  });
}

/**
 * In a refresh, the provider process must load its client before the only request, so the limit has 0.15 s
 * more. In the other operations, it does so while the program starts.
 * @param {Sample[]} samples
 * @param {Operation} operation
 */
export function compareSetWithFloor(samples, operation) {
  const isRefresh = operation === "refresh";
  /** @type {Size} */
  const size = { workload: "one-source", count: 1000, operation };
  /** @param {Record<"nothing-set" | "requests", Sample>} ofRound */
  const computeLimit = ({ "nothing-set": nothing, requests }) =>
    getWallSeconds(nothing) + 1.2 * requests.traffic.spanSeconds + (isRefresh ? 0.15 : 0);
  return compareRounds(samples, size, ["set", "nothing-set", "requests"], {
    what: `set, ${operation}: wall ÷ (do-nothing set + 1.2 × the requests alone${isRefresh ? " + 0.15 s" : ""})`,
    compute: (ofRound) => getWallSeconds(ofRound.set) / computeLimit(ofRound),
    atMost: 1,
    floor: {
      title: "a do-nothing set",
      compute: (ofRound) => getWallSeconds(ofRound["nothing-set"]) / computeLimit(ofRound),
    },
  });
}

/** @param {Sample[]} samples @param {Operation} operation */
export const compareSetWithTofu = (samples, operation) =>
  compareRounds(samples, { workload: "one-source", count: 1000, operation }, ["set", "nothing-set", "tofu"], {
    what: `set, ${operation}: wall ÷ OpenTofu's`,
    compute: ({ set, tofu }) => getWallSeconds(set) / getWallSeconds(tofu),
    atMost: 1,
    floor: {
      title: "a do-nothing set",
      compute: ({ "nothing-set": nothing, tofu }) => getWallSeconds(nothing) / getWallSeconds(tofu),
    },
  });

/** @param {Sample[]} samples @param {number} count @param {Operation} operation */
export const compareHubWithTofu = (samples, count, operation) =>
  compareRounds(samples, { workload: "hub", count, operation }, ["single", "nothing", "tofu"], {
    what: `hub of ${count}, ${operation}: wall ÷ OpenTofu's`,
    compute: ({ single, tofu }) => getWallSeconds(single) / getWallSeconds(tofu),
    atMost: 1,
    floor: {
      title: "a do-nothing resource",
      compute: ({ nothing, tofu }) => getWallSeconds(nothing) / getWallSeconds(tofu),
    },
  });
