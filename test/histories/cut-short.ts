/** A run of the CLI that is cut short, and everything that a user does about it before the next one. */
import { endAll, familyOf, pressInterrupt, providerOf, signal, untilIdle } from "../engine/processes.js";
import type { Run, Running, Stack } from "../engine/stack.js";

/**
 * Kills the engine, or interrupts it as a terminal does, and waits until its provider has come to rest.
 *
 * @param settle waits until the requests that are under way have ended
 */
export async function cutShort(
  stack: Stack,
  running: Running,
  by: "a kill" | "Ctrl-C",
  settle: () => Promise<unknown>,
): Promise<Run> {
  const cli = running.process.pid ?? 0;
  const family = familyOf(cli);
  const provider = providerOf(cli)?.pid ?? 0;
  try {
    if (by === "a kill") signal(cli, "SIGKILL");
    else pressInterrupt(cli);
    const run = await running.done;
    await settle();
    await untilIdle(provider);
    if (by === "a kill") {
      stack.mendCheckpoint();
      await stack.pulumi(["cancel", "--yes", "--stack=dev"]);
    }
    return run;
  } finally {
    endAll(family);
  }
}
