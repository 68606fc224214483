import { createHash } from "node:crypto";
import { basename } from "node:path";

/** Another seed takes another sample, and needs another baseline. */
export const SEED = 20261201;

/** @typedef {{ line: number, column: number }} Position from 0 on, as Stryker counts for its plugins */
/**
 * @typedef {object} Mutation what identifies a mutant wherever its code stands
 * @property {string} fileName
 * @property {string} mutatorName
 * @property {string} replacement
 * @property {{ start: Position, end: Position }} location
 */

/**
 * Whether a mutant is in the sample. Depends on the base name of the file and on what is replaced by what, not on folder
 * and line: the sample stays the same when files move and lines are added.
 * @param {Mutation} mutation
 * @param {string} source the text of its file
 * @param {{ seed: number, share: number }} sample
 */
export function isSampled({ fileName, mutatorName, replacement, location }, source, { seed, share }) {
  const start = offsetOf(location.start, source);
  const original = source.slice(start, offsetOf(location.end, source));
  const occurrence = source.slice(0, start).split(original).length;
  const key = JSON.stringify([seed, basename(fileName), mutatorName, original, replacement, occurrence]);
  return createHash("sha256").update(key).digest().readUIntBE(0, 6) / 2 ** 48 < share;
}

/**
 * @param {Position} position
 * @param {string} source
 */
function offsetOf({ line, column }, source) {
  let start = 0;
  for (let index = 0; index < line; index += 1) start = source.indexOf("\n", start) + 1;
  return start + column;
}
