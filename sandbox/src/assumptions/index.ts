import type { Assumption, InvertibleAssumption } from "./assumption.js";
import { createAssumptions, createRefusalAssumptions } from "./create.js";
import { credentialAssumptions, keyAssumptions, permissionAssumptions } from "./credentials.js";
import { deleteAssumptions } from "./delete.js";
import type { Deviation } from "./deviation.js";
import { exchangeAssumptions } from "./exchange.js";
import { listParameterAssumptions } from "./list-parameters.js";
import { listAssumptions } from "./list.js";
import { organizationAssumptions } from "./organizations.js";
import { rateLimitAssumptions } from "./rate-limit.js";
import { responseAssumptions } from "./responses.js";
import { updateAssumptions } from "./update.js";

const invertibleAssumptions: readonly InvertibleAssumption[] = [
  ...responseAssumptions,
  ...listAssumptions,
  ...listParameterAssumptions,
  ...createAssumptions,
  ...createRefusalAssumptions,
  ...updateAssumptions,
  ...deleteAssumptions,
  ...credentialAssumptions,
  ...permissionAssumptions,
  ...keyAssumptions,
  ...exchangeAssumptions,
  ...organizationAssumptions,
  ...rateLimitAssumptions,
];

/**
 * What the sandbox does as Datadog is believed to do, each with its source. `npm run test:live` judges each of them against the
 * API, and the option `deviate` of a sandbox inverts one of them.
 *
 * @example
 * const guesses = assumptions.filter(({ kind }) => kind === "assumed").map(({ name }) => name);
 */
export const assumptions: readonly Assumption[] = invertibleAssumptions.map(
  ({ name, sentence, kind, url, deviation }) => ({
    name,
    sentence,
    kind,
    ...(url !== undefined && { url }),
    deviation,
  }),
);

/** Creates the deviation that inverts the assumption with this name. Returns `undefined` if there is none. */
export function createDeviation(name: string | undefined): Deviation | undefined {
  return invertibleAssumptions.find((assumption) => assumption.name === name)?.createDeviation();
}
