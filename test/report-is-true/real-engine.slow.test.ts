/** The real `up` does what reports of real previews say. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { engineCases } from "./case.js";
import { handWrittenCases } from "./hand-written-cases.js";
import { createTally, runCase } from "./run-case.js";
import { createRealStackEngine } from "./real-engine.js";
import { selectEngineCases } from "../random.js";

const { seed, numRuns } = selectEngineCases(15);

// The count of cases that compared nothing is no claim of these few: report-is-true.test.ts bounds it over the same generator, and
// each hand-written case below must compare.
describe("reports of the real engine match what the next up does", () => {
  const sample = fc.sample(engineCases, { numRuns, seed });

  it.each(sample.map((one, at) => ({ one, at })))(
    `case $at of seed ${seed}`,
    { timeout: 300_000 },
    ({ one }) => runCase(one, createRealStackEngine, createTally()),
  );
});

describe("hand-written reports of the real engine", () => {
  // What the real engine gets in other ways: see test/engine/review-evidence.slow.test.ts.
  const visible = handWrittenCases.filter(
    ([, { hidden, offline, leftover, foreign, provider }]) =>
      !offline && [hidden, leftover, foreign, provider].every((value) => value === undefined),
  );

  // If Node registers the create before the set, the preview refuses the pair: the set still manages it. The order is not fixed.
  const dependOnOrder = new Set([
    "a create may succeed if a set may delete the connection of its pair first",
  ]);

  it.each(visible)("%s", { timeout: 300_000 }, async (title, one) => {
    const ownTally = createTally();
    await runCase(one, createRealStackEngine, ownTally);
    const { compared, failedPreviews } = ownTally;
    expect(dependOnOrder.has(title) ? compared + failedPreviews : compared).toBe(1);
  });
});
