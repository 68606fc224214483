import { parseArgs } from "node:util";
import { prepare } from "./bootstrap.mjs";
import { exitWithError, logLine, SetupError } from "./output.mjs";
import { createSeed, parseWholeNumber, playParts } from "./run-vitest.mjs";

// `npm run histories -- --runs 2000 [--seed N]` plays random histories (test/histories) in two processes and
// prints a report. `-- --host plugin` plays them against the plugin instead of the dynamic host. `-- --runs 1 --seed N
// --path P`, which a failure prints, replays one.
const processes = 2;
/** The minimum count of each kind of fault, in a run of 2,000 or more. */
const thresholds = { runs: 2000, faults: 100 };
/** All kinds of faults of the sandbox (sandbox/src/fault.ts). */
const kinds = [
  "reset",
  "hang",
  "truncate",
  "html",
  "redirect",
  "json",
  "huge",
  "drip",
  "delay",
  "short-page",
].concat([429, 500, 502, 503].map((status) => `status ${status}`));

/**
 * The counts of one process: see test/histories/stats.ts.
 * @typedef {Record<string, number>} Counts
 * @typedef {{
 *   histories: number, operations: number, recoveries: number, interruptions: number, calls: number,
 *   successesChecked: number, divergences: number, seed: number, milliseconds: number,
 *   moves: Counts, faults: Counts, errors: Counts, exceptions: Counts,
 *   }} Report
 */

function parseOptions() {
  const { values } = parseArgs({
    options: {
      host: { type: "string", default: "dynamic" },
      runs: { type: "string" },
      seed: { type: "string" },
      path: { type: "string" },
    },
  });
  const runs = parseWholeNumber("--runs", values.runs, thresholds.runs, 1);
  const seed = parseWholeNumber("--seed", values.seed, createSeed());
  if (!["dynamic", "plugin"].includes(values.host)) throw new SetupError("--host must be dynamic or plugin");
  return { host: values.host, runs, seed, path: values.path };
}

/**
 * @param {Counts[]} parts
 * @returns {[string, number][]} counts by name, the most frequent first
 */
function sumCounts(parts) {
  /** @type {Counts} */
  const total = {};
  for (const part of parts)
    for (const [name, count] of Object.entries(part)) total[name] = (total[name] ?? 0) + count;
  return Object.entries(total).sort((a, b) => b[1] - a[1]);
}

/**
 * @param {string} title
 * @param {[string, number][]} counts
 */
function formatTable(title, counts) {
  return [`${title}:`, ...counts.map(([name, count]) => `  ${String(count).padStart(7)}  ${name}`)];
}

/**
 * @param {Report[]} reports
 * @param {number} seconds
 */
function formatReport(reports, seconds) {
  /** @param {"histories" | "operations" | "calls" | "interruptions" | "successesChecked" | "divergences"} name */
  const sumReports = (name) => reports.reduce((before, report) => before + report[name], 0);
  /** @param {"moves" | "faults" | "errors" | "exceptions"} name */
  const sumByName = (name) => sumCounts(reports.map((report) => report[name]));
  return [
    `histories:            ${sumReports("histories")} (seeds ${reports.map(({ seed }) => seed).join(", ")})`,
    `operations:           ${sumReports("operations")}, with ${sumReports("calls")} lifecycle calls`,
    `interrupted:          ${sumReports("interruptions")}`,
    `successes compared:   ${sumReports("successesChecked")}`,
    `divergences:          ${sumReports("divergences")}`,
    `time:                 ${seconds} s`,
    ...formatTable("requests with a fault", sumByName("faults")),
    ...formatTable("moves", sumByName("moves")),
    ...formatTable("errors of runs", sumByName("errors")),
    ...formatTable("allowed exceptions", sumByName("exceptions")),
  ].join("\n");
}

try {
  const { host, runs, seed, path } = parseOptions();
  await prepare({ log: logLine });
  const shares = path === undefined && runs >= processes ? processes : 1;
  const environments = Array.from({ length: shares }, (_, at) => ({
    HISTORIES_HOST: host,
    HISTORIES_RUNS: String(Math.floor(runs / shares) + (at < runs % shares ? 1 : 0)),
    HISTORIES_SEED: String(seed + at),
    ...(path !== undefined && { HISTORIES_PATH: path }),
  }));
  const played = await playParts("test/histories/lifecycle.test.ts", environments, "HISTORIES_REPORT");
  /** @type {Report[]} */
  const reports = played.reports.filter((text) => text !== "").map((text) => JSON.parse(text));
  console.log(formatReport(reports, played.seconds));
  if (played.hasFailed)
    throw new SetupError("A history diverged. The output above has the command that replays it.");
  const met = new Map(sumCounts(reports.map(({ faults }) => faults)));
  const rare = kinds.filter((kind) => (met.get(kind) ?? 0) < thresholds.faults);
  if (runs >= thresholds.runs && rare.length > 0) {
    throw new SetupError(`Too few faults of the kind ${rare.join(", ")} for a result.`);
  }
} catch (error) {
  exitWithError(error);
}
