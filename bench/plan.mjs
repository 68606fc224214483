import { SetupError } from "../tools/setup-error.mjs";
import { systemsAtHand } from "./systems/system.mjs";

/**
 * A part of the plan: these systems at this size.
 * @typedef {object} Part
 * @property {number} count connections
 * @property {number} latencyMs
 * @property {{ system: import("./systems/system.mjs").System, rounds: number }[]} systems
 */

/** A peer that takes minutes for a thousand connections needs no fifth round to be seen. */
const full = { rounds: 5, peerRounds: 3 };
const quickly = { rounds: 1, peerRounds: 1 };
const counts = [3, 100, 1000, 5000];

/**
 * What takes longest comes last: a run that is cut short has a report of the rest.
 * @param {{ quick: boolean, rounds?: string, "peer-rounds"?: string, only?: string, counts?: string }} options
 * @returns {Part[]}
 */
export function planOf({ quick, only, ...options }) {
  const base = quick ? quickly : full;
  const rounds = options.rounds === undefined ? base.rounds : whole("--rounds", options.rounds);
  const peers = options["peer-rounds"];
  const peerRounds = peers === undefined ? Math.min(rounds, base.peerRounds) : whole("--peer-rounds", peers);
  const wanted = options.counts?.split(",").map((text) => whole("--counts", text)) ?? counts;
  const systems = chosen(only?.split(","));
  const parts = [false, true].flatMap((dear) =>
    wanted.flatMap((count) =>
      (count === 1000 ? [0, 50] : [0]).map((latencyMs) => ({
        count,
        latencyMs,
        systems: systems
          .filter((system) => system.dear === dear && count <= most(system, quick))
          .map((system) => {
            // With latency too: what single resources cost is the engine's time, and the answers' is measured by the sets.
            const few = dear && count >= 1000 && (system.role === "peer" || latencyMs > 0);
            return { system, rounds: few ? peerRounds : rounds };
          }),
      })),
    ),
  );
  return parts.filter((part) => part.systems.length > 0);
}

/** How many connections a system is given. @param {import("./systems/system.mjs").System} system @param {boolean} quick */
function most({ shape, dear }, quick) {
  if (shape === "set") return 5000;
  return dear && quick ? 100 : 1000;
}

/** @param {string[] | undefined} wanted all that this machine has, when left out */
function chosen(wanted) {
  if (wanted?.length === 1 && wanted[0] === "start-up") return [];
  const known = systemsAtHand();
  const unknown = wanted?.filter((key) => !known.some((system) => system.key === key)) ?? [];
  if (unknown.length > 0) {
    const keys = known.map(({ key }) => key).join(", ");
    throw new SetupError(
      `--only: ${unknown.join(", ")} is not known, or not on this machine. There is start-up, ${keys}.`,
    );
  }
  return known.filter(({ key }) => wanted?.includes(key) ?? true);
}

/**
 * @param {string} option
 * @param {string} text
 */
function whole(option, text) {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new SetupError(`${option} must be a whole number above 0`);
  return number;
}
