/** Reports of previews of the real engine say what the real `up` does: REPORT_ENGINE_RUNS, REPORT_ENGINE_SEED. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { engineCases } from "./case.js";
import { newTally, play } from "./play.js";
import { onRealStack } from "./real-engine.js";

const runs = Number(process.env["REPORT_ENGINE_RUNS"] ?? 15);
const seed = Number(process.env["REPORT_ENGINE_SEED"] ?? 20261127);
const tally = newTally();

describe("reports of the real engine say what the next up does", () => {
  const sample = fc.sample(engineCases, { numRuns: runs, seed });

  it.each(sample.map((one, at) => ({ one, at })))(
    `case $at of seed ${seed}`,
    { timeout: 300_000 },
    ({ one }) => play(one, onRealStack, tally),
  );

  it("compared some", () => {
    if (process.env["REPORT_TALLY"] !== undefined) console.log(JSON.stringify(tally));
    expect(tally.compared).toBeGreaterThan(runs / 3);
  });
});
