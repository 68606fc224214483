import { SetupError } from "../tools/output.mjs";
import { systems } from "./systems/system.mjs";
import { workloads } from "./workloads.mjs";

/**
 * A part of the plan: systems that take turns, round by round, at one size.
 * @typedef {object} Part
 * @property {import("./workloads.mjs").Workload} workload
 * @property {number} count
 * @property {number} latencyMs of each response
 * @property {number} rounds
 * @property {import("./systems/system.mjs").System[]} systems
 *
 * @typedef {{ workload: import("./workloads.mjs").Workload, counts: number[], quickCounts: number[],
 *   latencyMs?: number, rounds: number, systems: string[] }} Entry
 */

const ofPlugin = ["nothing-plugin", "plugin-yaml", "plugin-js"];
const ofHub = ["requests", "nothing", "single", "pulumi-datadog", "tofu", ...ofPlugin];
const ofSet = ["requests", "nothing-set", "set", "nothing-plugin-set", "plugin-yaml-set", "plugin-js-set"];
const ofSmallSource = [...ofSet, "tofu", "nothing-yaml", "nothing-plugin", "plugin-yaml", "plugin-js"];

/**
 * The slowest parts are last, so that an interrupted run has a report of the others. What takes minutes has
 * one to three rounds. What differs from its bound by less than the noise of one round has more of them. The
 * whole benchmark takes about two hours.
 * @type {Entry[]}
 */
const schedule = [
  { workload: "hub", counts: [3], quickCounts: [3], rounds: 9, systems: [...ofHub, "plugin-executable"] },
  { workload: "hub", counts: [10], quickCounts: [], rounds: 3, systems: ofHub },
  { workload: "hub", counts: [40, 100], quickCounts: [40], rounds: 5, systems: ofHub },
  { workload: "hub", counts: [40], quickCounts: [], latencyMs: 50, rounds: 3, systems: ofHub },
  {
    workload: "one-source",
    counts: [3],
    quickCounts: [3],
    rounds: 9,
    systems: ofSmallSource,
  },
  { workload: "one-source", counts: [100], quickCounts: [100], rounds: 5, systems: ofSmallSource },
  { workload: "one-source", counts: [1000], quickCounts: [1000], rounds: 7, systems: [...ofSet, "tofu"] },
  {
    workload: "one-source",
    counts: [1000],
    quickCounts: [],
    latencyMs: 50,
    rounds: 5,
    systems: [...ofSet, "tofu"],
  },
  { workload: "one-source", counts: [5000], quickCounts: [5000], rounds: 5, systems: ofSet },
  {
    workload: "one-source",
    counts: [3, 100],
    quickCounts: [3, 100],
    rounds: 5,
    systems: ["nothing", "single", "naive", "pulumi-datadog"],
  },
  {
    workload: "hub-all",
    counts: [1000],
    quickCounts: [],
    rounds: 1,
    systems: ["requests", "nothing", "single"],
  },
  {
    workload: "one-source",
    counts: [1000],
    quickCounts: [],
    rounds: 3,
    systems: ["nothing", "single"],
  },
  {
    workload: "one-source",
    counts: [1000],
    quickCounts: [],
    rounds: 1,
    systems: ["pulumi-datadog", "plugin-yaml", "plugin-js"],
  },
];

/** The rounds of the start-up times, which take seconds. */
const startUp = { rounds: 5, quickRounds: 3 };

/**
 * Creates the plan.
 * @param {{ quick: boolean, rounds?: string, only?: string, workloads?: string, counts?: string }} options
 *   `rounds`: at most so many. Each other option selects a part of the schedule; a list has commas
 * @returns {{ startUpRounds: number, parts: Part[] }}
 */
export function createPlan({ quick, rounds, only, workloads: selected, counts }) {
  const most = rounds === undefined ? Infinity : parseWholeNumber("--rounds", rounds);
  const keys = selectNames("--only", only, ["start-up", ...systems.map(({ key }) => key)]);
  const ofWorkload = selectNames("--workloads", selected, [...workloads]);
  const ofCount = counts?.split(",").map((text) => parseWholeNumber("--counts", text));
  const parts = schedule.flatMap(({ workload, latencyMs = 0, ...entry }) => {
    const taking = systems.filter(({ key }) => entry.systems.includes(key) && keys.includes(key));
    if (taking.length === 0 || !ofWorkload.includes(workload)) return [];
    return (quick ? entry.quickCounts : entry.counts)
      .filter((count) => ofCount?.includes(count) ?? true)
      .map((count) => ({
        workload,
        count,
        latencyMs,
        rounds: Math.min(quick ? 1 : entry.rounds, most),
        systems: taking,
      }));
  });
  const isComplete = only === undefined && selected === undefined && counts === undefined;
  const measuresStartUp = isComplete || only?.split(",").includes("start-up");
  const startUpRounds = measuresStartUp ? Math.min(quick ? startUp.quickRounds : startUp.rounds, most) : 0;
  if (parts.length === 0 && startUpRounds === 0) throw new SetupError("These options select nothing.");
  return { startUpRounds, parts };
}

/**
 * @param {string} option
 * @param {string | undefined} selected
 * @param {string[]} known all of them, by default
 */
function selectNames(option, selected, known) {
  const names = selected?.split(",") ?? known;
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return names;
  throw new SetupError(`${option}: ${unknown.join(", ")} is unknown. Available: ${known.join(", ")}.`);
}

/**
 * @param {string} option
 * @param {string} text
 */
function parseWholeNumber(option, text) {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new SetupError(`${option} must be a whole number above 0`);
  return number;
}
