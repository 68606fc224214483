/** Plays one history in a sandbox of its own making. */
import type { Sandbox } from "../../sandbox/src/index.js";
import { changeAccess, drift } from "./drift.js";
import type { AccessMove, DriftMove, History, Move } from "./moves.js";
import { operate as onImitation } from "./operation.js";
import { change, declaredRows, isSet } from "./program.js";
import { checkDestroy, checkRecovered, quiet, recover } from "./recovery.js";
import { checkOthers, checkOrphans } from "./checks.js";
import { Scene, type Operate } from "./scene.js";
import type { Stats } from "./stats.js";

/**
 * Plays it from an empty account to its recovery.
 *
 * @throws Divergence, with everything that happened
 */
export async function play(
  sandbox: Sandbox,
  history: History,
  stats: Stats,
  operate: Operate = onImitation,
): Promise<void> {
  sandbox.reset();
  const scene = new Scene(sandbox, stats, operate);
  stats.histories++;
  try {
    for (const move of history.moves) await makeMove(scene, move);
    await quiet(scene);
    checkOthers(scene);
    checkOrphans(scene);
    await recover(scene, history.recovery);
    await checkRecovered(scene);
    if (history.destroy) await checkDestroy(scene);
    checkOthers(scene);
  } finally {
    // Nothing of this history may land in the next one.
    await quiet(scene);
  }
}

async function makeMove(scene: Scene, move: Move): Promise<void> {
  const { kind, ...rest } = move;
  if (move.kind === "run") {
    const { faults, interruption, ...flags } = move;
    scene.log(`${move.command} ${JSON.stringify({ ...flags, faults, interruption })}`);
    scene.stats.count("moves", move.command);
    await scene.operate(scene, move);
    return;
  }
  if (!makeSmallMove(scene, move)) return;
  scene.log(`${kind} ${JSON.stringify(rest)} | ${declaredText(scene)}`);
  scene.stats.count("moves", kind);
}

function makeSmallMove(scene: Scene, move: Exclude<Move, { kind: "run" }>): boolean {
  if (isDrift(move)) return drift(scene, move);
  return isAccess(move) ? changeAccess(scene, move) : change(scene.program, move);
}

const isDrift = (move: Move): move is DriftMove =>
  ["change-types", "disconnect", "connect", "reconnect"].includes(move.kind);

const isAccess = (move: Move): move is AccessMove =>
  ["rotate", "foreign-keys", "permissions", "feature-off", "restore"].includes(move.kind);

function declaredText({ program }: Scene): string {
  return [...program]
    .map(([name, declared]) => {
      const { source, adopt, dbr } = declared;
      const isExclusive = isSet(declared) && declared.exclusive;
      const flags = `${isExclusive ? " exclusive" : ""}${adopt ? " adopt" : ""}${dbr ? " dbr" : ""}`;
      const rows = declaredRows(declared).map(
        ({ sink, types }) => `${sink} ${types?.join("+") ?? "unmanaged"}`,
      );
      return `${name}: ${source}→${isSet(declared) ? `{${rows.join(", ")}}` : rows.join()}${flags}`;
    })
    .join(", ");
}
