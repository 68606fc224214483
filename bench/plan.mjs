import { SetupError } from "../tools/setup-error.mjs";
import { listAvailableSystems } from "./systems/system.mjs";

/**
 * A part of the plan: systems at one size.
 * @typedef {object} Part
 * @property {number} count connections
 * @property {number} latencyMs
 * @property {{ system: import("./systems/system.mjs").System, rounds: number }[]} systems
 */

/** A peer that takes minutes for a thousand connections needs fewer rounds. */
const fullRun = { rounds: 5, peerRounds: 3 };
const quickRun = { rounds: 1, peerRounds: 1 };
const counts = [3, 100, 1000, 5000];

/**
 * Creates the plan. The slowest parts are last, so that an interrupted run has a report of the others.
 * @param {{ quick: boolean, rounds?: string, "peer-rounds"?: string, only?: string, counts?: string }} options
 * @returns {Part[]}
 */
export function createPlan({ quick, only, ...options }) {
  const base = quick ? quickRun : fullRun;
  const rounds = options.rounds === undefined ? base.rounds : parseWholeNumber("--rounds", options.rounds);
  const peers = options["peer-rounds"];
  const peerRounds =
    peers === undefined ? Math.min(rounds, base.peerRounds) : parseWholeNumber("--peer-rounds", peers);
  const selected = options.counts?.split(",").map((text) => parseWholeNumber("--counts", text)) ?? counts;
  const systems = selectSystems(only?.split(","));
  const parts = [false, true].flatMap((isSlow) =>
    selected.flatMap((count) =>
      (count === 1000 ? [0, 50] : [0]).map((latencyMs) => ({
        count,
        latencyMs,
        systems: systems
          .filter((system) => system.isSlow === isSlow && count <= getMaxCount(system, quick))
          .map((system) => {
            // With latency, use few rounds too: single resources mostly cost time of the engine, and sets
            // measure the responses.
            const few = isSlow && count >= 1000 && (system.role === "peer" || latencyMs > 0);
            return { system, rounds: few ? peerRounds : rounds };
          }),
      })),
    ),
  );
  return parts.filter((part) => part.systems.length > 0);
}

/**
 * Returns the maximum count of connections of a system. @param {import("./systems/system.mjs").System} system
 * @param {boolean} quick
 */
function getMaxCount({ shape, isSlow }, quick) {
  if (shape === "set") return 5000;
  return isSlow && quick ? 100 : 1000;
}

/** @param {string[] | undefined} selected by default all systems that this machine has */
function selectSystems(selected) {
  if (selected?.length === 1 && selected[0] === "start-up") return [];
  const known = listAvailableSystems();
  const unknown = selected?.filter((key) => !known.some((system) => system.key === key)) ?? [];
  if (unknown.length > 0) {
    const keys = known.map(({ key }) => key).join(", ");
    throw new SetupError(
      `--only: ${unknown.join(", ")} is unknown, or not on this machine. Available: start-up, ${keys}.`,
    );
  }
  return known.filter(({ key }) => selected?.includes(key) ?? true);
}

/**
 * @param {string} option
 * @param {string} text
 */
function parseWholeNumber(option, text) {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new SetupError(`${option} must be a whole number above 0`);
  return number;
}
