import { addresses } from "./1-addresses.mjs";
import { secrets } from "./1-secrets.mjs";
import { gone } from "./2-gone.mjs";
import { responses } from "./2-responses.mjs";
import { adoption } from "./3-adoption.mjs";
import { others } from "./3-others.mjs";
import { engine } from "./4-engine.mjs";
import { limits } from "./5-limits.mjs";
import { commandLine } from "./6-command-line.mjs";
import { trust } from "./7-trust.mjs";
import { unknown } from "./7-unknown.mjs";
import { sandbox } from "./8-sandbox.mjs";
import { storedData } from "./stored-data.mjs";

/**
 * One removed safety check. At least one of `test` and `cells` is set, and each that is set must fail.
 * @typedef {object} Mutant
 * @property {string} name what is removed
 * @property {string} file the name of a source file, without its folder
 * @property {string} find source text that occurs in the file exactly once
 * @property {string} replace
 * @property {string} [test] a test file that fails
 * @property {string} [cells] part of a cell name of test/faults; one of these cells fails
 * @property {"dynamic" | "plugin"} [host] the host of the cells; default: the dynamic one
 */

/** @typedef {Readonly<Record<string, readonly Mutant[]>>} MutantsByPromise by the key of a row in PROMISES.md */

/** @type {MutantsByPromise} */
const byPromise = {
  ...addresses,
  ...secrets,
  ...responses,
  ...gone,
  ...adoption,
  ...others,
  ...engine,
  ...limits,
  ...commandLine,
  ...trust,
  ...unknown,
  ...sandbox,
  ...storedData,
};

/** @type {readonly (Mutant & { promise: string })[]} */
export const mutants = Object.entries(byPromise).flatMap(([promise, list]) =>
  list.map((mutant) => ({ promise, ...mutant })),
);
