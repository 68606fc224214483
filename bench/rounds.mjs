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
 * @property {number} latencyMs of each answer
 * @property {number} round
 * @property {import("./measured-command.mjs").Measured} measured
 * @property {import("./traffic.mjs").Traffic} traffic
 * @property {number | undefined} stateBytes
 */

/** Long enough for the slowest peer on a slow machine; a hang must not hold the benchmark for ever. */
const timeoutMs = 20 * 60_000;
const types = { before: "logs", after: "logs,metrics" };

/**
 * Plays one part of the plan: each round runs every system once, one after the other, so that a machine whose speed
 * drifts is the same for all; the order turns from round to round.
 * @param {import("./plan.mjs").Part} part
 * @param {{ binDir: string, log: (line: string) => void }} options
 * @returns {Promise<Sample[]>}
 */
export async function play({ count, latencyMs, systems }, { binDir, log }) {
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
        samples.push(...(await lifeOf(system, { server, binDir, count, latencyMs, round })));
      }
    }
  } finally {
    server.stop();
  }
  return samples;
}

/**
 * All operations of one system, in a fresh folder, each checked by what is live after it.
 * @param {import("./systems/system.mjs").System} system
 * @param {{ server: import("./server.mjs").Server, binDir: string, count: number, latencyMs: number, round: number }} at
 * @returns {Promise<Sample[]>}
 */
async function lifeOf(system, { server, binDir, count, latencyMs, round }) {
  const parent = join(root, ".local", "bench");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `${system.key}-`));
  try {
    const env = { ...server.env, BENCH_COUNT: String(count), BENCH_TYPES: types.before };
    const opened = await system.open({ folder, binDir, env, timeoutMs });
    const samples = [];
    let wanted = types.before;
    for (const operation of operations) {
      if (operation === "change") wanted = types.after;
      await server.traffic();
      const measured = await opened.run(operation, { BENCH_TYPES: wanted });
      const traffic = await server.traffic();
      const live = await server.live();
      const due = operation === "destroy" || system.key.startsWith("nothing") ? 0 : count;
      if (live !== due) {
        throw new SetupError(
          `After "${operation}" of ${system.title} ${live} connections are live, not ${due}.`,
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
