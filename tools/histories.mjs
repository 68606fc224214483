import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepare, root } from "./bootstrap.mjs";
import { onInterrupt } from "./on-interrupt.mjs";
import { logLine } from "./progress.mjs";
import { runVitest } from "./run-vitest.mjs";
import { SetupError, exitWith } from "./setup-error.mjs";

// `npm run histories -- --runs 2000 [--seed N]` plays that many random histories (test/histories) in two processes and
// prints a report; `-- --runs 1 --seed N --path P`, as a failure prints it, replays one.
const processes = 2;
/** Of each kind of fault, in a run of 2,000 or more. */
const enough = { runs: 2000, faults: 100 };
/** Every kind that the sandbox knows (sandbox/src/fault.ts). */
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
 * What one process came to: see test/histories/stats.ts.
 * @typedef {Record<string, number>} Counts
 * @typedef {{
 *   histories: number, operations: number, recoveries: number, interruptions: number, calls: number,
 *   successesChecked: number, divergences: number, seed: number, milliseconds: number,
 *   moves: Counts, faults: Counts, errors: Counts, exceptions: Counts,
 * }} Report
 */

/** @typedef {{ runs: number, seed: number, path: string | undefined }} Part */

/** @returns {Part} */
function wanted() {
  const { values } = parseArgs({
    options: { runs: { type: "string" }, seed: { type: "string" }, path: { type: "string" } },
  });
  const runs = Number(values.runs ?? enough.runs);
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  if (!Number.isSafeInteger(runs) || runs < 1) throw new SetupError("--runs must be a whole number above 0");
  if (!Number.isSafeInteger(seed)) throw new SetupError("--seed must be a whole number");
  return { runs, seed, path: values.path };
}

/**
 * Plays a part of the histories in a process of its own.
 * @param {Part} part
 * @param {string} reportFile
 * @returns {Promise<{ code: number | null, output: string, report: Report | undefined }>}
 */
async function play({ runs, seed, path }, reportFile) {
  const run = await runVitest("test/histories/lifecycle.test.ts", {
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
    return undefined; // it ended before it could write one
  }
}

/**
 * @param {Counts[]} parts
 * @returns {[string, number][]} by name, the most frequent first
 */
function sum(parts) {
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
function table(title, counts) {
  return [`${title}:`, ...counts.map(([name, count]) => `  ${String(count).padStart(7)}  ${name}`)];
}

/**
 * @param {Report[]} reports
 * @param {number} seconds
 */
function describe(reports, seconds) {
  /** @param {"histories" | "operations" | "calls" | "interruptions" | "successesChecked" | "divergences"} name */
  const total = (name) => reports.reduce((before, report) => before + report[name], 0);
  /** @param {"moves" | "faults" | "errors" | "exceptions"} name */
  const counts = (name) => sum(reports.map((report) => report[name]));
  return [
    `histories:            ${total("histories")} (seeds ${reports.map(({ seed }) => seed).join(", ")})`,
    `operations:           ${total("operations")}, with ${total("calls")} calls of the lifecycle`,
    `interrupted:          ${total("interruptions")}`,
    `successes compared:   ${total("successesChecked")}`,
    `divergences:          ${total("divergences")}`,
    `time:                 ${seconds} s`,
    ...table("requests met by a fault", counts("faults")),
    ...table("moves", counts("moves")),
    ...table("errors that runs ended with", counts("errors")),
    ...table("what the model allows, and how often it did", counts("exceptions")),
  ].join("\n");
}

try {
  const { runs, seed, path } = wanted();
  await prepare({ log: logLine });
  const shares = path === undefined && runs >= processes ? processes : 1;
  mkdirSync(join(root, ".local"), { recursive: true });
  const folder = mkdtempSync(join(root, ".local", "histories-"));
  const forget = onInterrupt(() => rmSync(folder, { recursive: true, force: true }));
  const started = Date.now();
  const parts = Array.from({ length: shares }, (_, at) => ({
    runs: Math.floor(runs / shares) + (at < runs % shares ? 1 : 0),
    seed: seed + at,
    path,
  }));
  const played = await Promise.all(parts.map((part, at) => play(part, join(folder, `${at}.json`))));
  rmSync(folder, { recursive: true, force: true });
  forget();

  const reports = played.flatMap(({ report }) => (report ? [report] : []));
  for (const { code, output } of played) if (code !== 0) console.error(output);
  console.log(describe(reports, Math.round((Date.now() - started) / 1000)));
  if (played.some(({ code }) => code !== 0))
    throw new SetupError("A history diverged: see above, with the command that replays it.");
  const met = new Map(sum(reports.map(({ faults }) => faults)));
  const rare = kinds.filter((kind) => (met.get(kind) ?? 0) < enough.faults);
  if (runs >= enough.runs && rare.length > 0) {
    throw new SetupError(`Too few faults of the kind ${rare.join(", ")} to say anything.`);
  }
} catch (error) {
  exitWith(error);
}
