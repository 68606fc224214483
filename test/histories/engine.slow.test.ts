/** Short histories with the same moves on the real engine. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startSandbox } from "../../sandbox/src/index.js";
import { shortHistories } from "./arbitraries.js";
import { playHistory } from "./history.js";
import { createRealEngine } from "./real-engine.js";
import { Stats } from "./stats.js";
import { selectEngineCases } from "../random.js";

const ALL = 25;
const { seed, numRuns } = selectEngineCases(ALL);
const stats = new Stats();

describe("after histories on the real engine, live connections, state and program agree", () => {
  const histories = fc.sample(shortHistories, { numRuns, seed });

  it.each(histories.map((history, at) => ({ history, at })))(
    `history $at of seed ${seed}`,
    { timeout: 300_000 },
    async ({ history }) => {
      const sandbox = await startSandbox();
      const engine = createRealEngine(sandbox);
      try {
        await playHistory(sandbox, history, stats, engine.operate);
      } finally {
        engine.dispose();
        await sandbox.close();
      }
    },
  );

  it("covers faults and interruptions", () => {
    expect(stats.histories).toBe(numRuns);
    if (process.env["HISTORIES_REPORT"] !== undefined) process.stdout.write(`${JSON.stringify(stats)}\n`);
    if (numRuns < ALL) return;
    expect(stats.interruptions).toBeGreaterThan(0);
    expect(Object.keys(stats.faults).length).toBeGreaterThan(5);
  });
});
