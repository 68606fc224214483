/**
 * What `review --json` says is what the next `up` does: for random programs, states and drift. Replay and vary it with
 * REPORT_SEED, REPORT_PATH and REPORT_RUNS.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { cases } from "./case.js";
import { onImitation } from "./imitation.js";
import { newTally, play } from "./play.js";

const seed = Number(process.env["REPORT_SEED"] ?? 20261127);
const numRuns = Number(process.env["REPORT_RUNS"] ?? 1000);
const path = process.env["REPORT_PATH"];

test(`${numRuns} reports say what the next up does`, { timeout: 3_600_000 }, async () => {
  const tally = newTally();
  await fc.assert(
    fc.asyncProperty(cases, (one) => play(one, onImitation, tally)),
    { seed, numRuns, ...(path !== undefined && { path }) },
  );
  if (process.env["REPORT_TALLY"] !== undefined) console.log(JSON.stringify(tally));
  // The cases that there are to compare: a generator that fails most of its previews would prove nothing.
  expect(tally.compared).toBeGreaterThan(numRuns / 2);
});
