import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { CheckStatus } from "@stryker-mutator/api/check";
import { declareFactoryPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";

// A Stryker checker that passes only the mutants of the sample. Stryker lists the others as "CompileError",
// which is not part of the score. A checker is a public extension point and decides about each mutant. Ranges
// in `mutate` cannot do this: a range selects all mutants within it, so a sample could neither select a block
// without its content, nor one of several replacements of an operator. Ranges also need line numbers before
// each run.

/** @typedef {import("@stryker-mutator/api/check").Checker} Checker */
/** @typedef {import("@stryker-mutator/api/check").CheckResult} CheckResult */

createSampleChecker.inject = tokens("options");
/**
 * @param {import("@stryker-mutator/api/core").StrykerOptions} options
 * @returns {Checker}
 */
function createSampleChecker(options) {
  const sample = /** @type {{ seed: number, share: number }} */ (options["sample"]);
  /** @type {Map<string, string>} */
  const sources = new Map();
  /** @param {string} file */
  const readSource = (file) => {
    const source = sources.get(file) ?? readFileSync(file, "utf8");
    sources.set(file, source);
    return source;
  };
  return {
    init: () => Promise.resolve(),
    group: (mutants) => Promise.resolve([mutants.map(({ id }) => id)]),
    check: (mutants) =>
      Promise.resolve(
        Object.fromEntries(
          mutants.map((mutant) => [
            mutant.id,
            isSampled(mutant, readSource(mutant.fileName), sample) ? PASSED : EXCLUDED,
          ]),
        ),
      ),
  };
}

/** @type {CheckResult} */
const PASSED = { status: CheckStatus.Passed };
/** @type {CheckResult} */
const EXCLUDED = { status: CheckStatus.CompileError, reason: "not in the sample" };

export const strykerPlugins = [declareFactoryPlugin(PluginKind.Checker, "sample", createSampleChecker)];

export const strykerValidationSchema = {
  properties: {
    sample: {
      type: "object",
      properties: { seed: { type: "number" }, share: { type: "number" } },
      required: ["seed", "share"],
    },
  },
};

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
