// A Stryker checker that passes only the mutants of the sample. Stryker lists the others as "CompileError",
// which is not part of the score. A checker is a public extension point and decides about each mutant. Ranges
// in `mutate` cannot do this: a range selects all mutants within it, so a sample could neither select a block
// without its content, nor one of several replacements of an operator. Ranges also need line numbers before
// each run.
import { readFileSync } from "node:fs";
import { CheckStatus } from "@stryker-mutator/api/check";
import { declareFactoryPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import { isSampled } from "./sample.mjs";

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
