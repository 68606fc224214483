/** Interrupts a run of the CLI, and does what a user does before the next run. */
import {
  killAll,
  findProcessTree,
  sendInterrupt,
  findProvider,
  sendSignal,
  waitUntilIdle,
} from "../engine/processes.js";
import type { CliRun, RunningCli, Stack } from "../engine/stack.js";

/**
 * Kills the engine, or sends Ctrl-C as a terminal does, and waits until its provider process is idle.
 *
 * @param settle waits until the outstanding requests have completed
 */
export async function interruptRun(
  stack: Stack,
  running: RunningCli,
  by: "a kill" | "Ctrl-C",
  settle: () => Promise<unknown>,
): Promise<CliRun> {
  const cli = running.process.pid ?? 0;
  const family = findProcessTree(cli);
  const provider = findProvider(cli)?.pid ?? 0;
  try {
    if (by === "a kill") sendSignal(cli, "SIGKILL");
    else sendInterrupt(cli);
    const run = await running.done;
    await settle();
    await waitUntilIdle(provider);
    if (by === "a kill") {
      stack.repairCheckpoint();
      await stack.runPulumi(["cancel", "--yes", "--stack=dev"]);
    }
    return run;
  } finally {
    killAll(family);
  }
}
