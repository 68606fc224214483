import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/bootstrap.mjs";
import { commandTimes } from "./commands.mjs";
import { commandLineTimes } from "./command-line.mjs";
import { firstAnswers } from "./first-answers.mjs";

/**
 * @typedef {object} StartUp
 * @property {import("./first-answers.mjs").FirstAnswer[]} answers
 * @property {import("./commands.mjs").CommandTimes[]} commands
 * @property {import("./command-line.mjs").CommandLineTime[]} commandLine
 */

/**
 * What every operation costs before it does anything.
 * @param {{ binDir: string, rounds: number, log: (line: string) => void }} options
 * @returns {Promise<StartUp>}
 */
export async function measureStartUp({ binDir, rounds, log }) {
  log("start-up: first answers of the two processes, then whole commands, then the command line");
  const parent = join(root, ".local", "bench");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "start-up-"));
  try {
    const answers = await firstAnswers({ folder, rounds, env: process.env });
    const commands = await commandTimes({ folder, binDir, rounds });
    return { answers, commands, commandLine: await commandLineTimes({ folder, rounds }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
