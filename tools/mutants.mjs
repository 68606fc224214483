// `npm run mutants` removes each safety check that guards a promise of SECURITY.md in turn, in a copy of the repository, and runs
// the test that should fail. A mutant with `cells` must make one of these cells of the fault table diverge too (test/faults).
// `npm run mutants -- WORD…` selects mutants whose promise (PROMISES.md), name or file contains one of the words; the words
// "table of faults" select those with cells. `npm run mutants -- --check` only checks, in seconds, that each mutant still matches
// its file.
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { mutants } from "../test/mutants/index.mjs";
import { applyMutant } from "../test/mutants/apply-mutant.mjs";
import { PACKAGES } from "./bootstrap.mjs";

/** @typedef {import("../test/mutants/index.mjs").Mutant} Mutant */
/** @typedef {{ verdict: "killed" | "SURVIVED" | "BROKEN", by: string }} Outcome */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const copies = join(root, ".local", "mutants");
/** The files that the tests need. */
const parts = [
  ...PACKAGES.flatMap((name) => [`${name}/src`, `${name}/package.json`]),
  "test",
  "tools",
  "tsconfig.json",
  "tsconfig.base.json",
  "vitest.config.ts",
];
/** The table of single faults. */
const TABLE = "test/faults/single.faults.test.ts";
/** @type {Outcome} */
const NOTHING_RAN = { verdict: "BROKEN", by: "neither a test nor cells" };
/** The time limit of a test run. A mutant that makes a test hang counts as killed. */
const PATIENCE_MS = 120_000;
/** That of the run of all tests without a mutant. */
const WHOLE_PATIENCE_MS = 20 * 60_000;

/**
 * @param {string} folder
 */
function copyTree(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of [...parts, "package.json"]) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  linkInstalledPackages(folder);
}

/**
 * Links the installed packages into a copy. The packages of the repository must be those of the copy: otherwise, a mutant of
 * `core` would have no effect on the other packages, which import it by name.
 * @param {string} folder
 */
function linkInstalledPackages(folder) {
  mkdirSync(join(folder, "node_modules"));
  for (const entry of readdirSync(join(root, "node_modules"), { withFileTypes: true })) {
    const target = join(root, "node_modules", entry.name);
    const own = join(folder, relative(root, realpathSync(target)));
    symlinkSync(entry.isSymbolicLink() ? own : target, join(folder, "node_modules", entry.name), "junction");
  }
  // npm installs packages that exist in two versions into the folder of a package.
  for (const modules of PACKAGES.map((name) => `${name}/node_modules`)) {
    if (existsSync(join(root, modules))) symlinkSync(join(root, modules), join(folder, modules), "junction");
  }
}

/**
 * Runs vitest in a copy, until the first test fails.
 * @param {string} folder
 * @param {string[]} tests
 * @param {number} [patienceMs]
 * @returns {Promise<Outcome>}
 */
async function runTests(folder, tests, patienceMs = PATIENCE_MS) {
  const run = await runVitest(folder, tests, ["--bail=1"], { RANDOM_SHARE: "1" }, patienceMs);
  return run.isLate
    ? { verdict: "killed", by: "the time limit: a test did not complete" }
    : getTestOutcome(run);
}

/**
 * Plays the cells of the fault table whose name contains one of the strings, in a copy.
 * @param {string} folder
 * @param {string[]} only
 * @param {string} host
 * @param {number} [patienceMs]
 * @returns {Promise<Outcome>}
 */
async function playCells(folder, only, host, patienceMs = PATIENCE_MS) {
  const report = join(folder, "cells.jsonl");
  rmSync(report, { force: true });
  const env = {
    FAULTS_HOST: host,
    FAULTS_ONLY: only.join("\n"),
    FAULTS_REPORT: report,
  };
  return getCellOutcome(report, only, await runVitest(folder, [TABLE], [], env, patienceMs));
}

/**
 * @typedef {{ report: string, code: number | null, stderr: string, isLate: boolean }} Run
 *
 * @param {string} folder
 * @param {string[]} tests
 * @param {string[]} more flags
 * @param {Record<string, string>} env
 * @param {number} patienceMs
 * @returns {Promise<Run>}
 */
function runVitest(folder, tests, more, env, patienceMs) {
  const report = join(folder, "report.json");
  rmSync(report, { force: true });
  const flags = [...more, "--maxWorkers=1", "--testTimeout=20000", "--reporter=json"];
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", ...flags, `--outputFile=${report}`, ...tests], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (/** @type {Buffer} */ chunk) => (stderr += chunk.toString()));
  return new Promise((resolve) => {
    let isLate = false;
    const clock = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
    }, patienceMs);
    child.on("close", (code) => {
      clearTimeout(clock);
      resolve({ report, code, stderr, isLate });
    });
  });
}

/**
 * A mutant is killed only by a failed test. A file that does not load proves nothing.
 * @param {Run} run
 * @returns {Outcome}
 */
function getTestOutcome({ report, code, stderr }) {
  /** @type {{ testResults: { assertionResults: { status: string, fullName: string }[], message: string }[] }} */
  let json;
  try {
    json = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return { verdict: "BROKEN", by: stderr.trim().split("\n").slice(0, 3).join(" ") || `exit code ${code}` };
  }
  const results = json.testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = results.find(({ status }) => status === "failed");
  if (failed) return { verdict: "killed", by: failed.fullName };
  if (results.length === 0) return { verdict: "BROKEN", by: "no test ran" };
  if (code === 0) return { verdict: "SURVIVED", by: `${results.length} tests passed` };
  const message = json.testResults.map((file) => file.message).find((text) => text !== "");
  return { verdict: "BROKEN", by: message ?? `exit code ${code}` };
}

/**
 * A mutant is killed only by a played cell that diverged. An operation that fails earlier proves nothing.
 * @param {string} file the report of the cells
 * @param {string[]} only
 * @param {Run} run
 * @returns {Outcome}
 */
function getCellOutcome(file, only, run) {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  /** @type {import("./faults.mjs").Cell[]} */
  const cells = lines.filter((line) => line !== "").map((line) => JSON.parse(line));
  const played = cells.filter(({ result }) => result !== "skipped");
  const bad = played.find(({ result }) => result === "diverged");
  if (bad) return { verdict: "killed", by: `${formatCellName(bad)}: ${bad.why?.split("\n")[0] ?? ""}` };
  if (run.isLate) return { verdict: "BROKEN", by: "the time limit: the cells did not complete" };
  const { verdict, by } = getTestOutcome(run);
  if (verdict !== "SURVIVED") return { verdict: "BROKEN", by };
  const unknown = only.find((text) => !played.some((cell) => formatCellName(cell).includes(text)));
  if (unknown !== undefined) return { verdict: "BROKEN", by: `no cell was played: ${unknown}` };
  return { verdict: "SURVIVED", by: `${played.length} cells passed` };
}

/**
 * @param {import("./faults.mjs").Cell} cell
 * @returns {string}
 */
function formatCellName({ operation, request, method, kind }) {
  return request === 0 ? `${operation} / ${kind}` : `${operation} / request ${request} (${method}) / ${kind}`;
}

/**
 * @param {string} folder
 * @param {Mutant} mutant
 */
async function runAgainstMutant(folder, { test, cells, host = "dynamic" }) {
  const outcome = test === undefined ? undefined : await runTests(folder, [test]);
  if (cells === undefined || (outcome && outcome.verdict !== "killed")) return outcome ?? NOTHING_RAN;
  const inCells = await playCells(folder, [cells], host);
  return inCells.verdict === "killed" && outcome ? outcome : inCells;
}

/**
 * @param {Mutant} mutant
 * @param {string} folder
 */
async function testMutant(mutant, folder) {
  const { file, text } = applyMutant(root, mutant);
  const target = join(folder, file);
  const original = readFileSync(target, "utf8");
  writeFileSync(target, text);
  try {
    return await runAgainstMutant(folder, mutant);
  } finally {
    writeFileSync(target, original);
  }
}

if (process.argv.includes("--check")) {
  const { checkMutants } = await import("../test/mutants/check-mutants.mjs");
  const problems = checkMutants(root);
  for (const problem of problems) console.error(problem);
  console.log(`Checked ${mutants.length} mutants: ${problems.length === 0 ? "all match" : "see above"}.`);
  process.exit(problems.length === 0 ? 0 : 1);
}

const words = process.argv.slice(2);
const chosen = mutants.filter(({ promise, name, file, cells }) => {
  const texts = [promise, name, file, ...(cells === undefined ? [] : ["table of faults"])];
  return words.length === 0 || words.some((word) => texts.some((text) => text.includes(word)));
});
if (chosen.length === 0) throw new Error(`no mutant matches one of these words: ${words.join(", ")}`);
for (const mutant of chosen) applyMutant(root, mutant);

const started = Date.now();
const folders = Array.from({ length: Math.min(2, availableParallelism()) }, (_, at) =>
  join(copies, `copy-${at}`),
);
for (const folder of folders) copyTree(folder);

console.log(`${chosen.length} mutants. First run their tests and cells without a mutant:`);
const tests = [...new Set(chosen.flatMap(({ test }) => test ?? []))];
const cells = ["dynamic", "plugin"].map((host) => ({
  host,
  names: [
    ...new Set(chosen.flatMap((mutant) => ((mutant.host ?? "dynamic") === host ? (mutant.cells ?? []) : []))),
  ],
}));
for (const run of [
  ...(tests.length > 0 ? [() => runTests(folders[0] ?? "", tests, WHOLE_PATIENCE_MS)] : []),
  ...cells.flatMap(({ host, names }) =>
    names.length > 0 ? [() => playCells(folders[0] ?? "", names, host, WHOLE_PATIENCE_MS)] : [],
  ),
]) {
  const whole = await run();
  if (whole.verdict !== "SURVIVED") {
    console.log(`They fail without a mutant (${whole.by}), so mutants cannot be tested.`);
    process.exit(2);
  }
  console.log(`${whole.by}.`);
}
console.log("");

/** @type {Map<Mutant, Outcome>} */
const outcomes = new Map();
const queue = [...chosen];
await Promise.all(
  folders.map(async (folder) => {
    for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
      const result = await testMutant(mutant, folder);
      outcomes.set(mutant, result);
      process.stderr.write(`${outcomes.size}/${chosen.length} ${result.verdict}: ${mutant.name}\n`);
    }
  }),
);
rmSync(copies, { recursive: true, force: true });

console.log("| promise | mutant | file | result |\n| --- | --- | --- | --- |");
for (const mutant of chosen) {
  const { verdict, by } = outcomes.get(mutant) ?? NOTHING_RAN;
  const result = `${verdict}${verdict === "killed" ? " by" : ""}: ${by}`.replace(/\s+/g, " ").slice(0, 160);
  console.log(`| ${mutant.promise} | ${mutant.name} | ${mutant.file} | ${result} |`);
}
const alive = chosen.filter((mutant) => outcomes.get(mutant)?.verdict !== "killed");
console.log(
  `\n${chosen.length - alive.length} of ${chosen.length} killed in ${Math.round((Date.now() - started) / 1000)} s.`,
);
for (const { name } of alive) console.log(`not killed: ${name}`);
process.exit(alive.length === 0 ? 0 : 1);
