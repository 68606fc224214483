import { createHash } from "node:crypto";
import { basename } from "node:path";

/** A different seed selects a different sample, and needs a different baseline. */
export const SEED = 20261201;

/** @typedef {{ line: number, column: number }} Position counted from 0, as in Stryker plugins */
/**
 * @typedef {object} Mutation identifies a mutant independent of its position
 * @property {string} fileName
 * @property {string} mutatorName
 * @property {string} replacement
 * @property {{ start: Position, end: Position }} location
 */

/**
 * Whether a mutant is in the sample. Depends on the base name of the file, the original code and its
 * replacement, but not on folder and line: the sample stays the same if files move or lines are added.
 * @param {Mutation} mutation
 * @param {string} source the text of its file
 * @param {{ seed: number, share: number }} sample
 */
export function isSampled({ fileName, mutatorName, replacement, location }, source, { seed, share }) {
  const start = getOffset(location.start, source);
  const original = source.slice(start, getOffset(location.end, source));
  const occurrence = source.slice(0, start).split(original).length;
  const key = JSON.stringify([seed, basename(fileName), mutatorName, original, replacement, occurrence]);
  return createHash("sha256").update(key).digest().readUIntBE(0, 6) / 2 ** 48 < share;
}

/**
 * @param {Position} position
 * @param {string} source
 */
function getOffset({ line, column }, source) {
  let start = 0;
  for (let index = 0; index < line; index += 1) start = source.indexOf("\n", start) + 1;
  return start + column;
}
