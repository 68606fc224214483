import { compareRounds, createBound, filterSamples, getWallSeconds } from "./compare-rounds.mjs";
import { computeFigures, computeGrowthExponent, computeMedian } from "./figures.mjs";
import { operations } from "./systems/system.mjs";

/**
 * @typedef {import("./compare-rounds.mjs").Sample} Sample
 * @typedef {import("./compare-rounds.mjs").Bound} Bound
 * @typedef {import("./compare-rounds.mjs").Operation} Operation
 * @typedef {import("./compare-rounds.mjs").Size} Size
 */

/**
 * Computes the performance bounds. Bounds of systems or sizes that were not run are omitted.
 * @param {Sample[]} samples
 * @returns {Bound[]}
 */
export const computeBounds = (samples) => [
  ...compareWithTofu(samples),
  ...operations.flatMap((operation) => computeHubMemory(samples, operation)),
  ...operations.flatMap((operation) => compareSingleWithFloor(samples, operation)),
  ...operations.flatMap((operation) => compareSetWithFloor(samples, operation)),
  ...operations.flatMap((operation) => compareSetWithTofu(samples, operation)),
  ...countCalls(samples),
  ...operations.flatMap((operation) => compareSetMemory(samples, operation)),
  ...operations.flatMap((operation) => computeSetGrowth(samples, operation)),
  ...computeLatencyBound(samples),
];

/** @param {Bound} bound whose value is not a number does not hold */
export const holds = ({ value, atMost }) => value <= atMost;

/** What is compared with OpenTofu: a system, the sizes and the limit of the ratio. */
const COMPARISONS = /** @type {const} */ ([
  { system: "plugin-executable", floor: "nothing-plugin", workload: "hub", count: 3, atMost: 0.6 },
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
const compareWithTofu = (samples) =>
  COMPARISONS.flatMap(({ system, floor, workload, count, atMost }) =>
    operations.flatMap((operation) =>
      compareRounds(samples, { workload, count, operation }, [system, floor, "tofu"], {
        what: `${system}, ${workload} of ${count}: wall ÷ OpenTofu's`,
        compute: (ofRound) => getWallSeconds(ofRound[system]) / getWallSeconds(ofRound.tofu),
        atMost,
        floor: {
          title: floor === "nothing" ? "a do-nothing resource" : "a do-nothing plugin",
          compute: (ofRound) => getWallSeconds(ofRound[floor]) / getWallSeconds(ofRound.tofu),
        },
      }),
    ),
  );

/** @param {Sample[]} samples @param {Operation} operation */
function compareSingleWithFloor(samples, operation) {
  /** @type {Size} */
  const size = { workload: "one-source", count: 1000, operation };
  /** @param {Record<"single" | "nothing", Sample>} ofRound */
  const computeLimit = ({ single, nothing }) =>
    1.15 * getWallSeconds(nothing) + single.traffic.concurrentSeconds;
  return compareRounds(samples, size, ["single", "nothing"], {
    what: "single: wall ÷ (1.15 × do-nothing + time with outstanding requests)",
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
function compareSetWithFloor(samples, operation) {
  const isRefresh = operation === "refresh";
  /** @type {Size} */
  const size = { workload: "one-source", count: 1000, operation };
  /** @param {Record<"nothing-set" | "requests", Sample>} ofRound */
  const computeLimit = ({ "nothing-set": nothing, requests }) =>
    getWallSeconds(nothing) + 1.2 * requests.traffic.spanSeconds + (isRefresh ? 0.15 : 0);
  return compareRounds(samples, size, ["set", "nothing-set", "requests"], {
    what: `set: wall ÷ (do-nothing set + 1.2 × the requests alone${isRefresh ? " + 0.15 s" : ""})`,
    compute: (ofRound) => getWallSeconds(ofRound.set) / computeLimit(ofRound),
    atMost: 1,
    floor: {
      title: "a do-nothing set",
      compute: (ofRound) => getWallSeconds(ofRound["nothing-set"]) / computeLimit(ofRound),
    },
  });
}

/** @param {Sample[]} samples @param {Operation} operation */
const compareSetWithTofu = (samples, operation) =>
  compareRounds(samples, { workload: "one-source", count: 1000, operation }, ["set", "nothing-set", "tofu"], {
    what: "set: wall ÷ OpenTofu's",
    compute: ({ set, tofu }) => getWallSeconds(set) / getWallSeconds(tofu),
    atMost: 1,
    floor: {
      title: "a do-nothing set",
      compute: ({ "nothing-set": nothing, tofu }) => getWallSeconds(nothing) / getWallSeconds(tofu),
    },
  });

/**
 * The reads of a hub that depend on the engine's timing: each preview check that it starts before its first change lists the
 * organizations and the connections of one source, where a change needs only one of the two. It starts two or three.
 */
const EARLY_CHECKS = 4;

/** Of each operation: the writes, and the calls that only read. @type {[import("./workloads.mjs").Workload, number, string, Operation, number, number][]} */
const CALL_LIMITS = [
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
const countCalls = (samples) =>
  CALL_LIMITS.flatMap(([workload, count, system, operation, writes, reads]) => {
    const those = filterSamples(samples, { workload, count, operation }).filter(
      (one) => one.system === system,
    );
    if (those.length === 0) return [];
    const name = workload === "hub" ? `hub of ${count}` : system;
    /** @param {string} kind @param {number[]} counts @param {number} atMost */
    const createExactBound = (kind, counts, atMost) => ({
      ...createBound({ what: `${name}: ${kind}`, operation }, counts, atMost),
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

/**
 * The floor has two parts: the engine with a set that does nothing, and what 5,000 requests add to a Node process.
 * @param {Sample[]} samples
 * @param {Operation} operation
 */
function compareSetMemory(samples, operation) {
  const size = /** @type {const} */ ({ workload: "one-source", count: 5000 });
  const idle = filterSamples(samples, { ...size, operation: "no-op" }).filter(
    ({ system }) => system === "requests",
  );
  return compareRounds(samples, { ...size, operation }, ["set", "nothing-set", "requests"], {
    what: "set of 5,000: peak memory of all processes ÷ the do-nothing set's",
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
const computeHubMemory = (samples, operation) =>
  compareRounds(samples, { workload: "hub-all", count: 1000, operation }, ["single", "nothing"], {
    what: "hub of 1,000, credentials that list all: GB of all processes",
    compute: ({ single }) => getMemoryGB(single),
    atMost: 0.9,
    floor: { title: "a do-nothing resource", compute: ({ nothing }) => getMemoryGB(nothing) },
  });

/** @param {Sample} sample */
const sumPeakMemory = ({ measured }) =>
  Object.values(measured.peakMiB).reduce((sum, peakMiB) => sum + peakMiB, 0);

/** @param {Sample} sample */
const getMemoryGB = ({ measured }) => ((measured.memoryMiB ?? NaN) * 2 ** 20) / 1e9;

/** @param {Sample[]} samples @param {Operation} operation @returns {Bound[]} */
function computeSetGrowth(samples, operation) {
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
      what: "set: growth exponent of wall from 100 to 5,000",
      operation,
      value,
      atMost: 1.1,
      ...(floor !== undefined && { floor: { title: "a do-nothing set", value: floor } }),
    },
  ];
}

/** The concurrent requests of a set. */
const CONCURRENT = 32;

/**
 * @param {Sample[]} samples
 * @returns {Bound[]}
 */
function computeLatencyBound(samples) {
  const [values = [], floors = []] = ["set", "requests"].map((system) =>
    samples
      .filter(
        (one) =>
          one.system === system &&
          one.workload === "one-source" &&
          one.operation === "create" &&
          one.count === 1000 &&
          one.latencyMs > 0,
      )
      .map(({ traffic, latencyMs }) => traffic.spanSeconds / ((1000 * latencyMs) / 1000 / CONCURRENT)),
  );
  if (values.length === 0) return [];
  const what = "set with latency: first request to last response ÷ (1,000 × latency ÷ 32)";
  return [
    {
      ...createBound({ what, operation: "create" }, values, 1.3),
      ...(floors.length > 0 && { floor: { title: "the requests alone", value: computeMedian(floors) } }),
    },
  ];
}
