import { describe, expect, test } from "vitest";
import { computeFigures, computeGrowthExponent } from "../../bench/figures.mjs";
import { computeTraffic } from "../../bench/traffic.mjs";
import { createSample } from "./sample.js";

describe("figures", () => {
  test("have the median, minimum and maximum of the rounds", () => {
    const samples = [4, 1, 3, 9].map((wall, at) =>
      createSample({ system: "set", wall, round: at + 1, memory: 10 * wall, processes: wall }),
    );
    expect(computeFigures(samples)).toMatchObject([
      {
        rounds: 4,
        wallSeconds: { median: 3.5, least: 1, most: 9 },
        memoryMiB: { median: 35, least: 10, most: 90 },
        processes: { median: 3.5, least: 1, most: 9 },
        stateBytes: 1_000_000,
      },
    ]);
  });

  test("are separate for each workload, size, system, operation and latency", () => {
    const samples = [
      createSample({ system: "single", workload: "hub" }),
      createSample({ system: "single", workload: "hub-all" }),
      createSample({ system: "single" }),
      createSample({ system: "single", count: 3 }),
      createSample({ system: "set" }),
      createSample({ system: "set", operation: "change" }),
      createSample({ system: "set", latencyMs: 50 }),
    ];
    expect(computeFigures(samples)).toHaveLength(samples.length);
  });

  test("omit what this machine does not measure", () => {
    const sample = createSample({ system: "set" });
    const measured = {
      ...sample.measured,
      cpuSeconds: undefined,
      memoryMiB: undefined,
      processes: undefined,
    };
    expect(computeFigures([{ ...sample, measured }])).toMatchObject([
      { cpuSeconds: undefined, memoryMiB: undefined, processes: undefined },
    ]);
  });

  test("of two sizes give the growth exponent", () => {
    const [small, large] = computeFigures([
      createSample({ system: "set", wall: 2, count: 100 }),
      createSample({ system: "set", wall: 200, count: 1000 }),
    ]);
    if (!small || !large) throw new Error("two sizes, not two figures");
    expect(computeGrowthExponent(small, large)).toBeCloseTo(2);
  });
});

describe("traffic", () => {
  test("counts the time with outstanding requests once, even if several were concurrent", () => {
    const createRequest = (method: string, startedAt: number, endedAt: number) =>
      ({ method, startedAt, endedAt, status: 200 }) as Parameters<typeof computeTraffic>[0][number];
    const traffic = computeTraffic([
      createRequest("GET", 0, 1000),
      createRequest("POST", 2000, 4000),
      createRequest("POST", 3000, 5000),
    ]);
    expect(traffic).toMatchObject({
      calls: 3,
      writes: 2,
      concurrentSeconds: 4,
      spanSeconds: 5,
      maxConcurrent: 2,
    });
  });
});
