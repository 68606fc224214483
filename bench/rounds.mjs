import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tools/bootstrap.mjs";
import { SetupError } from "../tools/setup-error.mjs";
import { startServer } from "./server.mjs";
import { operations } from "./systems/system.mjs";

/**
 * One operation of one system in one round.
 * @typedef {object} Sample
 * @property {string} system
 * @property {import("./systems/system.mjs").Operation} operation
 * @property {number} count connections
 * @property {number} latencyMs of each response
 * @property {number} round
 * @property {import("./measure-command.mjs").Measured} measured
 * @property {import("./traffic.mjs").Traffic} traffic
 * @property {number | undefined} stateBytes
 */

/** Long enough for the slowest peer on a slow machine, so that a hang does not block the benchmark. */
const timeoutMs = 20 * 60_000;
const types = { before: "logs", after: "logs,metrics" };

/**
 * Runs one part of the plan. Each round runs every system once, so that changes in machine speed affect all
 * systems. The order rotates between rounds.
 * @param {import("./plan.mjs").Part} part
 * @param {{ binDir: string, log: (line: string) => void }} options
 * @returns {Promise<Sample[]>}
 */
export async function playPart({ count, latencyMs, systems }, { binDir, log }) {
  const server = await startServer({ sinks: count, latencyMs });
  const samples = [];
  try {
    const most = Math.max(...systems.map(({ rounds }) => rounds));
    for (let round = 1; round <= most; round++) {
      const taking = systems.flatMap(({ system, rounds }) => (round <= rounds ? [system] : []));
      const turned = [...taking.slice(round % taking.length), ...taking.slice(0, round % taking.length)];
      for (const system of turned) {
        log(`${count} connections, ${latencyMs} ms, round ${round} of ${most}: ${system.title}`);
        await server.reset();
        samples.push(...(await runOperations(system, { server, binDir, count, latencyMs, round })));
      }
    }
  } finally {
    server.stop();
  }
  return samples;
}

/**
 * Runs all operations of one system in a new folder. Checks the count of live connections after each.
 * @param {import("./systems/system.mjs").System} system
 * @param {{ server: import("./server.mjs").Server, binDir: string, count: number, latencyMs: number, round:
 *   number }} at
 * @returns {Promise<Sample[]>}
 */
async function runOperations(system, { server, binDir, count, latencyMs, round }) {
  const parent = join(root, ".local", "bench");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `${system.key}-`));
  try {
    const env = { ...server.env, BENCH_COUNT: String(count), BENCH_TYPES: types.before };
    const opened = await system.open({ folder, binDir, env, timeoutMs });
    const samples = [];
    let benchTypes = types.before;
    for (const operation of operations) {
      if (operation === "change") benchTypes = types.after;
      await server.traffic();
      const measured = await opened.run(operation, { BENCH_TYPES: benchTypes });
      const traffic = await server.traffic();
      const live = await server.live();
      const due = operation === "destroy" || system.key.startsWith("nothing") ? 0 : count;
      if (live !== due) {
        throw new SetupError(
          `After "${operation}" of ${system.title} ${live} connections are live instead of ${due}.`,
        );
      }
      const stateBytes = operation === "destroy" ? undefined : opened.stateBytes();
      samples.push({ system: system.key, operation, count, latencyMs, round, measured, traffic, stateBytes });
    }
    return samples;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
