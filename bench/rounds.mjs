import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tools/bootstrap.mjs";
import { SetupError } from "../tools/output.mjs";
import { startServer } from "./server.mjs";
import { operations } from "./systems/system.mjs";
import { formatSize } from "./workloads.mjs";

/**
 * One operation of one system in one round.
 * @typedef {object} Sample
 * @property {string} system
 * @property {import("./systems/system.mjs").Operation} operation
 * @property {import("./workloads.mjs").Workload} workload
 * @property {number} count
 * @property {number} latencyMs of each response
 * @property {number} round
 * @property {import("./measure-command.mjs").Measured} measured
 * @property {import("./traffic.mjs").Traffic} traffic
 * @property {number | undefined} stateBytes
 */

/** Long enough for the slowest peer on a slow machine, so that a hang does not block the benchmark. */
const timeoutMs = 20 * 60_000;
/** The size at which a preview is measured: the smallest, for which the time to start decides. */
const previewCount = 3;
const types = { before: "logs", after: "logs,metrics" };

/**
 * Runs one part of the plan. Each round runs every system once, so that changes in machine speed affect all
 * systems. The order rotates between rounds. A peer that fails is not measured from then on.
 * @param {import("./plan.mjs").Part} part
 * @param {{ binDir: string, hostsDir?: string | undefined, notMeasured: import("./not-measured.mjs").NotMeasured, log: (line: string) => void }}
 *   options
 * @returns {Promise<Sample[]>}
 */
export async function playPart(part, { binDir, hostsDir, notMeasured, log }) {
  const server = await startServer(part);
  const samples = [];
  try {
    for (let round = 1; round <= part.rounds; round++) {
      const turned = part.systems.map((_, at) => part.systems[(at + round) % part.systems.length]);
      for (const system of turned.filter((one) => one !== undefined)) {
        if (notMeasured.has(system)) continue;
        log(`${formatSize(part)}, round ${round} of ${part.rounds}: ${system.title}`);
        await server.reset();
        samples.push(
          ...(await notMeasured.tryPeer(system, formatSize(part), () =>
            runOperations(system, { server, binDir, hostsDir, part, round }),
          )),
        );
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
 * @param {{ server: import("./server.mjs").Server, binDir: string, hostsDir?: string | undefined, part: import("./plan.mjs").Part, round:
 *   number }} at
 * @returns {Promise<Sample[]>}
 */
async function runOperations(
  system,
  { server, binDir, hostsDir, part: { workload, count, latencyMs }, round },
) {
  const parent = join(root, ".local", "bench");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `${system.key}-`));
  try {
    const env = { ...server.env, BENCH_WORKLOAD: workload, BENCH_COUNT: String(count) };
    const opened = await system.open({ folder, binDir, hostsDir, workload, env, timeoutMs });
    const samples = [];
    let declared = types.before;
    for (const operation of count === previewCount ? operations : operations.slice(1)) {
      if (operation === "change") declared = types.after;
      await server.traffic();
      const measured = await opened.run(operation, declared);
      const traffic = await server.traffic();
      const live = await server.live();
      const hasNone = operation === "preview" || operation === "destroy" || system.key.startsWith("nothing");
      const due = hasNone ? 0 : count;
      if (live !== due) {
        throw new SetupError(
          `After "${operation}" of ${system.title} ${live} connections are live instead of ${due}.`,
        );
      }
      const stateBytes = operation === "destroy" ? undefined : opened.stateBytes();
      samples.push({
        system: system.key,
        operation,
        workload,
        count,
        latencyMs,
        round,
        measured,
        traffic,
        stateBytes,
      });
    }
    return samples;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
