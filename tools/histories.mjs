import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepare, root } from "./bootstrap.mjs";
import { addInterruptCleanup } from "./run-command.mjs";
import { logLine, SetupError, exitWithError } from "./output.mjs";
import { runVitest } from "./run-vitest.mjs";

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

/** @typedef {{ host: string, runs: number, seed: number, path: string | undefined }} Part */

/** @returns {Part} */
function parseOptions() {
  const { values } = parseArgs({
    options: {
      host: { type: "string", default: "dynamic" },
      runs: { type: "string" },
      seed: { type: "string" },
      path: { type: "string" },
    },
  });
  const runs = Number(values.runs ?? thresholds.runs);
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  if (!Number.isSafeInteger(runs) || runs < 1) throw new SetupError("--runs must be a whole number above 0");
  if (!Number.isSafeInteger(seed)) throw new SetupError("--seed must be a whole number");
  if (!["dynamic", "plugin"].includes(values.host)) throw new SetupError("--host must be dynamic or plugin");
  return { host: values.host, runs, seed, path: values.path };
}

/**
 * Plays a part of the histories in a separate process.
 * @param {Part} part
 * @param {string} reportFile
 * @returns {Promise<{ code: number | null, output: string, report: Report | undefined }>}
 */
async function playPart({ host, runs, seed, path }, reportFile) {
  const run = await runVitest("test/histories/lifecycle.test.ts", {
    HISTORIES_HOST: host,
    HISTORIES_RUNS: String(runs),
    HISTORIES_SEED: String(seed),
    HISTORIES_REPORT: reportFile,
    ...(path !== undefined && { HISTORIES_PATH: path }),
  });
  return { ...run, report: readReport(reportFile) };
}

/**
 * @param {string} file
 * @returns {Report | undefined}
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined; // the process exited before it wrote a report
  }
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
  mkdirSync(join(root, ".local"), { recursive: true });
  const folder = mkdtempSync(join(root, ".local", "histories-"));
  const forget = addInterruptCleanup(() => rmSync(folder, { recursive: true, force: true }));
  const started = Date.now();
  const parts = Array.from({ length: shares }, (_, at) => ({
    host,
    runs: Math.floor(runs / shares) + (at < runs % shares ? 1 : 0),
    seed: seed + at,
    path,
  }));
  const played = await Promise.all(parts.map((part, at) => playPart(part, join(folder, `${at}.json`))));
  rmSync(folder, { recursive: true, force: true });
  forget();

  const reports = played.flatMap(({ report }) => (report ? [report] : []));
  for (const { code, output } of played) if (code !== 0) console.error(output);
  console.log(formatReport(reports, Math.round((Date.now() - started) / 1000)));
  if (played.some(({ code }) => code !== 0))
    throw new SetupError("A history diverged. The output above has the command that replays it.");
  const met = new Map(sumCounts(reports.map(({ faults }) => faults)));
  const rare = kinds.filter((kind) => (met.get(kind) ?? 0) < thresholds.faults);
  if (runs >= thresholds.runs && rare.length > 0) {
    throw new SetupError(`Too few faults of the kind ${rare.join(", ")} for a result.`);
  }
} catch (error) {
  exitWithError(error);
}
