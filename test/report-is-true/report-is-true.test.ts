/**
 * The next `up` does what `review --format json` reports, for random programs, states and drift. RANDOM_SEED and REPORT_PATH
 * replay a case.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { cases } from "./case.js";
import { createSimulatedEngine } from "./simulated-engine.js";
import { createTally, runCase } from "./run-case.js";
import { selectCases } from "../random.js";

const { seed, numRuns } = selectCases(1000);
const path = process.env["REPORT_PATH"];

test(`${numRuns} reports match what the next up does`, { timeout: 3_600_000 }, async () => {
  const tally = createTally();
  await fc.assert(
    fc.asyncProperty(cases, (one) => runCase(one, createSimulatedEngine, tally)),
    { seed, numRuns, ...(path !== undefined && { path }) },
  );
  if (process.env["REPORT_TALLY"] !== undefined) console.log(JSON.stringify(tally));
  // If most of the generated previews failed, the test would prove nothing.
  expect(tally.compared).toBeGreaterThan(numRuns / 2);
});
