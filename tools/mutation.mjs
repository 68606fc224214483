// `npm run mutation` tests a sample of the mutants of each folder with Stryker, and fails if the score of a
// folder is below test/mutation/baseline.json. `npm run mutation -- FOLDER…` tests all mutants of these
// folders; `--sample` tests only their sample; `--write` saves the scores as the baseline.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepare, root } from "./bootstrap.mjs";
import { compareWithBaseline, computeTally, listUndetected } from "./mutation/baseline.mjs";
import { getFiles, folders, SEED } from "./mutation/folders.mjs";
import { addInterruptCleanup } from "./run-command.mjs";
import { logLine, SetupError, exitWithError } from "./output.mjs";

/** @typedef {import("./mutation/baseline.mjs").Tally} Tally */
/** @typedef {Tally & { share: number, seconds: number }} Recorded */
/** @typedef {{ seed: number, sample: Record<string, Recorded>, full: Record<string, Recorded> }} Baseline */

const BASELINE = join(root, "test", "mutation", "baseline.json");

/** @returns {{ names: string[], mode: "sample" | "full", write: boolean }} */
function parseOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { sample: { type: "boolean", default: false }, write: { type: "boolean", default: false } },
  });
  for (const name of positionals) {
    if (!(name in folders)) {
      throw new SetupError(`${name} is not one of the folders ${Object.keys(folders).join(", ")}`);
    }
  }
  const isSample = values.sample || positionals.length === 0;
  return {
    names: positionals.length === 0 ? Object.keys(folders) : positionals,
    mode: isSample ? "sample" : "full",
    write: values.write,
  };
}

/**
 * @param {string} folder
 * @param {"sample" | "full"} mode
 * @returns {Promise<void>}
 */
function runStryker(folder, mode) {
  const stryker = join(root, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
  const child = spawn(process.execPath, [stryker, "run"], {
    cwd: root,
    env: { ...process.env, MUTATION_FOLDER: folder, MUTATION_MODE: mode },
    stdio: "inherit",
  });
  const forget = addInterruptCleanup(() => child.kill());
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      forget();
      if (code === 0) resolve();
      else reject(new SetupError(`Stryker failed for ${folder}; see the output above`));
    });
  });
}

/**
 * @param {string} folder
 * @param {"sample" | "full"} mode
 * @returns {Promise<Recorded>}
 */
async function testFolder(folder, mode) {
  console.log(`\n== ${folder} (${mode})`);
  const started = performance.now();
  await runStryker(folder, mode);
  const seconds = Math.round((performance.now() - started) / 1000);
  const files = getFiles(folder, mode);
  const report = JSON.parse(readFileSync(join(root, files.report), "utf8"));
  const tally = computeTally(report);
  for (const line of listUndetected(report)) console.log(line);
  console.log(`== ${folder}: ${JSON.stringify(tally)} in ${seconds} s; ${files.page}`);
  return { share: mode === "full" ? 1 : (folders[folder]?.share ?? 0), ...tally, seconds };
}

/** @returns {Baseline} */
function readBaseline() {
  const baseline = existsSync(BASELINE) ? JSON.parse(readFileSync(BASELINE, "utf8")) : undefined;
  return baseline?.seed === SEED ? baseline : { seed: SEED, sample: {}, full: {} };
}

try {
  const { names, mode, write } = parseOptions();
  await prepare({ log: logLine });
  /** @type {Record<string, Recorded>} */
  const tallies = {};
  for (const name of names) {
    const tally = await testFolder(name, mode);
    tallies[name] = tally;
    // Save after each folder, so that an interrupted run keeps its results.
    if (write) {
      const baseline = readBaseline();
      baseline[mode][name] = tally;
      writeFileSync(BASELINE, `${JSON.stringify(baseline, null, 2)}\n`);
    }
  }
  const baseline = readBaseline()[mode];
  // A folder may have no saved score of all its mutants.
  const judged = Object.entries(tallies).filter(([name]) => mode === "sample" || name in baseline);
  const worse = compareWithBaseline(Object.fromEntries(judged), baseline);
  if (worse.length > 0) throw new SetupError(worse.join("\n"));
} catch (error) {
  exitWithError(error);
}
