import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/bootstrap.mjs";
import { measureCommands } from "./commands.mjs";
import { measureCommandLine } from "./command-line.mjs";
import { measureExecutables } from "./executables.mjs";
import { measureFirstResponses } from "./first-responses.mjs";

/**
 * @typedef {object} StartUp
 * @property {import("./first-responses.mjs").FirstResponse[]} responses
 * @property {import("./commands.mjs").CommandTimes[]} commands
 * @property {import("./command-line.mjs").CommandLineTime[]} commandLine
 * @property {import("./executables.mjs").Executables} [executables] not in figures of older runs
 */

/**
 * Measures the start-up time of operations.
 * @param {{ binDir: string, rounds: number, log: (line: string) => void }} options
 * @returns {Promise<StartUp>}
 */
export async function measureStartUp({ binDir, rounds, log }) {
  log("start-up: first responses of the two processes, then commands, then the command line");
  const parent = join(root, ".local", "bench");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "start-up-"));
  try {
    const responses = await measureFirstResponses({ folder, rounds, env: process.env });
    const commands = await measureCommands({ folder, binDir, rounds });
    const commandLine = await measureCommandLine({ folder, rounds });
    return {
      responses,
      commands,
      commandLine,
      executables: await measureExecutables({ folder, binDir, rounds }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
