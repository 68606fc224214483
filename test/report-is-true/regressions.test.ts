/** The hand-written cases, with the simulated engine. real-engine.slow.test.ts runs them with the real one. */
import { expect, test } from "vitest";
import { handWrittenCases } from "./hand-written-cases.js";
import { createSimulatedEngine } from "./simulated-engine.js";
import { createTally, runCase } from "./run-case.js";

test.each(handWrittenCases)("%s", async (_, one) => {
  const tally = createTally();
  await runCase(one, createSimulatedEngine, tally);
  // The preview succeeded, so the `up` was compared.
  expect(tally.compared).toBe(1);
});
