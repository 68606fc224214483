import { bearerToken } from "./bearer-token.mjs";
import { changesOfPreviews } from "./changes.mjs";
import { claims } from "./claims.mjs";
import { command } from "./command.mjs";
import { doctorIdentity } from "./doctor-identity.mjs";
import { faults } from "./faults.mjs";
import { identityFaults } from "./identity-faults.mjs";
import { identitySettings } from "./identity-settings.mjs";
import { imports } from "./imports.mjs";
import { inputs } from "./inputs.mjs";
import { lifecycleChecks } from "./lifecycle-checks.mjs";
import { lifecycleWrites } from "./lifecycle-writes.mjs";
import { live } from "./live.mjs";
import { plugin } from "./plugin.mjs";
import { policy } from "./policy.mjs";
import { proofs } from "./proofs.mjs";
import { requestsAndResponses } from "./requests-and-responses.mjs";
import { retriesAndWaits } from "./retries-and-waits.mjs";
import { review } from "./review.mjs";
import { setChecks } from "./set-checks.mjs";
import { setWrites } from "./set-writes.mjs";
import { surroundings } from "./surroundings.mjs";
import { workloadIdentity } from "./workload-identity.mjs";

/**
 * One removed safety check.
 * @typedef {object} Mutant
 * @property {string} name what is removed
 * @property {string} file the name of a source file, without its folder
 * @property {string} find source text that occurs in the file exactly once
 * @property {string} replace
 * @property {string[]} tests tests that should fail
 * @property {string} [cells] instead of tests: part of a cell name of test/faults; one of these cells must fail
 * @property {"dynamic" | "plugin"} [host] the host of the cells; default: the dynamic one
 */

/** @type {readonly Mutant[]} */
export const mutants = [
  ...lifecycleWrites,
  ...lifecycleChecks,
  ...setChecks,
  ...setWrites,
  ...claims,
  ...retriesAndWaits,
  ...requestsAndResponses,
  ...surroundings,
  ...bearerToken,
  ...workloadIdentity,
  ...identitySettings,
  ...proofs,
  ...doctorIdentity,
  ...changesOfPreviews,
  ...review,
  ...policy,
  ...live,
  ...command,
  ...faults,
  ...identityFaults,
  ...imports,
  ...inputs,
  ...plugin,
];

/**
 * Mutants that no test can detect, by name, each with its reason.
 * @type {Readonly<Record<string, string>>}
 */
export const explained = {
  "delete: a 404 that is not the API's own counts as missing":
    "harmless: a listing by proven keys decides in both cases, and without a listing or a response both are errors.",
  "delete: every failure is a success":
    "harmless: a failure is compared with a listing by proven keys. With the connection in it, it is still an error; " +
    "without it, the connection is gone.",
};
