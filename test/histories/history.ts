/** Plays one history in a sandbox. */
import type { Sandbox } from "../../sandbox/src/index.js";
import { changeAccess, applyDrift } from "./drift.js";
import type { AccessMove, DriftMove, History, Move } from "./moves.js";
import { runOperation as onImitation } from "./operation.js";
import { applyProgramMove, listDeclaredConnections, isSet } from "./program.js";
import { checkDestroy, checkRecovered, settle, recover } from "./recovery.js";
import { checkOthers, checkOrphans } from "./checks.js";
import { Scenario, type OperationRunner } from "./scenario.js";
import type { Stats } from "./stats.js";

/**
 * Plays a history from an empty account to its recovery.
 *
 * @throws Divergence with the trace of the history
 */
export async function playHistory(
  sandbox: Sandbox,
  history: History,
  stats: Stats,
  operate: OperationRunner = onImitation,
): Promise<void> {
  sandbox.reset();
  const scenario = new Scenario(sandbox, stats, operate);
  stats.histories++;
  try {
    for (const move of history.moves) await applyMove(scenario, move);
    await settle(scenario);
    checkOthers(scenario);
    checkOrphans(scenario);
    await recover(scenario, history.recovery);
    await checkRecovered(scenario);
    if (history.destroy) await checkDestroy(scenario);
    checkOthers(scenario);
  } finally {
    // No request of this history may take effect in the next one.
    await settle(scenario);
  }
}

async function applyMove(scenario: Scenario, move: Move): Promise<void> {
  const { kind, ...rest } = move;
  if (move.kind === "run") {
    const { faults, interruption, ...flags } = move;
    scenario.log(`${move.command} ${JSON.stringify({ ...flags, faults, interruption })}`);
    scenario.stats.count("moves", move.command);
    await scenario.runOperation(scenario, move);
    return;
  }
  if (!applySmallMove(scenario, move)) return;
  scenario.log(`${kind} ${JSON.stringify(rest)} | ${formatProgram(scenario)}`);
  scenario.stats.count("moves", kind);
}

function applySmallMove(scenario: Scenario, move: Exclude<Move, { kind: "run" }>): boolean {
  if (isDriftMove(move)) return applyDrift(scenario, move);
  return isAccessMove(move) ? changeAccess(scenario, move) : applyProgramMove(scenario.program, move);
}

const isDriftMove = (move: Move): move is DriftMove =>
  ["change-types", "disconnect", "connect", "reconnect"].includes(move.kind);

const isAccessMove = (move: Move): move is AccessMove =>
  ["rotate", "foreign-keys", "permissions", "feature-off", "restore"].includes(move.kind);

function formatProgram({ program }: Scenario): string {
  return [...program]
    .map(([name, declared]) => {
      const { source, adopt, dbr } = declared;
      const isExclusive = isSet(declared) && declared.exclusive;
      const flags = `${isExclusive ? " exclusive" : ""}${adopt ? " adopt" : ""}${dbr ? " dbr" : ""}`;
      const rows = listDeclaredConnections(declared).map(
        ({ sink, types }) => `${sink} ${types?.join("+") ?? "unspecified"}`,
      );
      return `${name}: ${source}→${isSet(declared) ? `{${rows.join(", ")}}` : rows.join()}${flags}`;
    })
    .join(", ");
}
