import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/bootstrap.mjs";
import { commandTimes } from "./commands.mjs";
import { firstAnswers } from "./first-answers.mjs";

/** @typedef {{ answers: import("./first-answers.mjs").FirstAnswer[], commands: import("./commands.mjs").CommandTimes[] }} StartUp */

/**
 * What every operation costs before it does anything.
 * @param {{ binDir: string, rounds: number, log: (line: string) => void }} options
 * @returns {Promise<StartUp>}
 */
export async function measureStartUp({ binDir, rounds, log }) {
  log("start-up: first answers of the two processes, then whole commands");
  const parent = join(root, ".local", "bench");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "start-up-"));
  try {
    const answers = await firstAnswers({ folder, rounds, env: process.env });
    return { answers, commands: await commandTimes({ folder, binDir, rounds }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
