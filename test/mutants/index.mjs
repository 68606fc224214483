import { changesOfPreviews } from "./changes.mjs";
import { claimed } from "./claims.mjs";
import { command } from "./command.mjs";
import { faults } from "./faults.mjs";
import { inputs } from "./inputs.mjs";
import { looks } from "./lifecycle-looks.mjs";
import { writes } from "./lifecycle-writes.mjs";
import { live } from "./live.mjs";
import { policy } from "./policy.mjs";
import { requestsAndResponses } from "./requests-and-responses.mjs";
import { retriesAndWaits } from "./retries-and-waits.mjs";
import { review } from "./review.mjs";
import { setLooks } from "./set-looks.mjs";
import { setWrites } from "./set-writes.mjs";
import { surroundings } from "./surroundings.mjs";

/**
 * One protection taken out.
 * @typedef {object} Mutant
 * @property {string} name what is taken out
 * @property {string} file the name of a source file, without its folder
 * @property {string} find stands in the file exactly once
 * @property {string} replace
 * @property {string[]} tests those that should notice
 * @property {string} [cells] instead of tests: part of the name of the cells of test/faults one of which must fail
 */

/** @type {readonly Mutant[]} */
export const mutants = [
  ...writes,
  ...looks,
  ...setLooks,
  ...setWrites,
  ...claimed,
  ...retriesAndWaits,
  ...requestsAndResponses,
  ...surroundings,
  ...changesOfPreviews,
  ...review,
  ...policy,
  ...live,
  ...command,
  ...faults,
  ...inputs,
];

/**
 * Mutants that no test can notice, by name, each with its reason.
 * @type {Readonly<Record<string, string>>}
 */
export const explained = {
  "delete: a 404 that is not the API's own counts as missing":
    "harmless: a listing by proven keys decides in both cases, and with neither listing nor answer both are errors.",
  "delete: every failure is a success":
    "harmless since a failure is compared with a listing by proven keys: with the connection in it, it is an error all the " +
    "same, and without it, it is gone.",
};
