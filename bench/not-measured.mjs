import { SetupError } from "../tools/output.mjs";

/** @typedef {import("./systems/system.mjs").System} System */

/** How much of a failed command's output the report has: its end has the error. */
const mostCharacters = 600;

/**
 * The peers that could not be measured. A peer that this machine lacks, or that fails here, is a line of the
 * report and not the end of the benchmark. A failure of any other system is a bug, and ends it.
 */
export class NotMeasured {
  /** @type {Map<System, string>} */
  #reasons = new Map();

  /** @param {System[]} systems */
  constructor(systems) {
    for (const system of systems) {
      const reason = system.findMissing?.();
      if (reason !== undefined) this.#reasons.set(system, reason);
    }
  }

  /** @param {System} system */
  has(system) {
    return this.#reasons.has(system);
  }

  /**
   * @template T
   * @param {System} system
   * @param {string} size for the reason
   * @param {() => Promise<T[]>} work
   * @returns {Promise<T[]>} nothing, if a peer failed
   */
  async tryPeer(system, size, work) {
    try {
      return await work();
    } catch (error) {
      if (!system.findMissing || !(error instanceof SetupError)) throw error;
      const [first, ...rest] = error.message.split("\n");
      const output = rest.join(" ").replaceAll(/\s+/g, " ").slice(-mostCharacters);
      this.#reasons.set(system, `with ${size}: ${first} ${output}`.trim());
      return [];
    }
  }

  /** @returns {{ title: string, reason: string }[]} for the report */
  list() {
    return [...this.#reasons].map(([{ title }, reason]) => ({ title, reason }));
  }
}
