/**
 * Random programs meet random faults, other people, interruptions and wrong keys, and recover. `npm run histories` runs
 * more of them, and replays one: HISTORIES_SEED, HISTORIES_PATH, HISTORIES_RUNS, HISTORIES_REPORT (a file for figures).
 */
import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { startSandbox } from "../../sandbox/src/index.js";
import { histories } from "./arbitraries.js";
import { play } from "./history.js";
import type { History } from "./moves.js";
import { Stats } from "./stats.js";

const SEED = 20261125;
const runs = Number(process.env["HISTORIES_RUNS"] ?? 200);
const seed = Number(process.env["HISTORIES_SEED"] ?? SEED);
const path = process.env["HISTORIES_PATH"];

/** In a sandbox of its own: with it end the sockets that the history's clients have kept open. */
async function playAlone(history: History, stats: Stats): Promise<void> {
  const sandbox = await startSandbox();
  try {
    await play(sandbox, history, stats);
  } finally {
    await sandbox.close();
  }
}

test(`${runs} histories end where live, state and program agree`, { timeout: 3_600_000 }, async () => {
  const stats = new Stats();
  const started = performance.now();
  const details = await fc.check(
    fc.asyncProperty(histories, (history) => playAlone(history, stats)),
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
  const replay = `npm run histories -- --runs 1 --seed ${details.seed} --path ${counterexamplePath ?? "0"}`;
  const message = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : "";
  expect.fail(`A history diverged. Replay it with\n  ${replay}\n\n${message}`);
});
