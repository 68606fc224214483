/**
 * Random programs with random faults, changes by other users, interruptions and wrong credentials, and their
 * recovery. `npm run histories` runs more of them, or replays one: HISTORIES_SEED, HISTORIES_PATH,
 * HISTORIES_RUNS, HISTORIES_HOST (`dynamic` or `plugin`), HISTORIES_REPORT (a file for the counts).
 */
import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { startSandbox } from "../../sandbox/src/index.js";
import { histories } from "./arbitraries.js";
import { playHistory } from "./history.js";
import type { History } from "./moves.js";
import { runOnPlugin, runOperation } from "./operation.js";
import type { OperationRunner } from "./scenario.js";
import { Stats } from "./stats.js";
import { selectCases } from "../random.js";

const seed = Number(process.env["HISTORIES_SEED"] ?? selectCases(1).seed);
const path = process.env["HISTORIES_PATH"];
/** The runner and the default count of histories of each host. */
const HOSTS = { dynamic: { operate: runOperation, runs: 200 }, plugin: { operate: runOnPlugin, runs: 15 } };
const hosts = Object.entries(HOSTS)
  .filter(([host]) => (process.env["HISTORIES_HOST"] ?? host) === host)
  .map(([host, { operate, runs }]) => ({
    host,
    operate,
    runs: Number(process.env["HISTORIES_RUNS"] ?? selectCases(runs).numRuns),
  }));

/**
 * Plays a history in its own sandbox. Closing the sandbox also closes the sockets that its clients keep open.
 */
async function playAlone(history: History, stats: Stats, operate: OperationRunner): Promise<void> {
  const sandbox = await startSandbox();
  try {
    await playHistory(sandbox, history, stats, operate);
  } finally {
    await sandbox.close();
  }
}

test.each(hosts)(
  "$host: $runs histories end with live connections, state and program in agreement",
  { timeout: 3_600_000 },
  async ({ host, operate, runs }) => {
    const stats = new Stats();
    const started = performance.now();
    const details = await fc.check(
      fc.asyncProperty(histories, (history) => playAlone(history, stats, operate)),
      { numRuns: runs, seed, ...(path !== undefined && { path }) },
    );
    const report = process.env["HISTORIES_REPORT"];
    if (report !== undefined) {
      const milliseconds = Math.round(performance.now() - started);
      writeFileSync(
        report,
        JSON.stringify({ ...stats.toJSON(), seed, divergences: details.failed ? 1 : 0, milliseconds }),
      );
    }
    if (!details.failed) return;
    const { counterexamplePath, errorInstance } = details;
    const replay = `npm run histories -- --host ${host} --runs 1 --seed ${details.seed} --path ${counterexamplePath ?? "0"}`;
    const message = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : "";
    expect.fail(`A history diverged. Replay it with\n  ${replay}\n\n${message}`);
  },
);
