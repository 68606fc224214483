import { describe, expect, test } from "vitest";
import { computeBounds } from "../../bench/bounds.mjs";
import { computeFigures, computeGrowthExponent } from "../../bench/figures.mjs";
import { formatMarkdown } from "../../bench/markdown.mjs";
import { createPlan } from "../../bench/plan.mjs";
import { drawPlot } from "../../bench/plot.mjs";
import type { Sample } from "../../bench/rounds.mjs";
import { computeTraffic } from "../../bench/traffic.mjs";

type Operation = Sample["operation"];
interface Given {
  system: string;
  wall: number;
  round?: number;
  count?: number;
  operation?: Operation;
  span?: number;
  concurrent?: number;
  latencyMs?: number;
  calls?: number;
  memory?: number;
}

/** Creates a sample of one operation of one system, with defaults for the other fields. */
function sample({ system, wall, round = 1, count = 1000, operation = "create", ...given }: Given): Sample {
  return {
    system,
    operation,
    count,
    latencyMs: given.latencyMs ?? 0,
    round,
    measured: { wallSeconds: wall, cpuSeconds: wall, peakMiB: { provider: given.memory ?? 100 } },
    traffic: {
      calls: given.calls ?? 0,
      writes: 0,
      concurrentSeconds: given.concurrent ?? 0,
      spanSeconds: given.span ?? 0,
      maxConcurrent: 0,
      refused: 0,
    },
    stateBytes: 1000 * count,
  };
}

const findBound = (samples: Sample[], start: string) =>
  computeBounds(samples).find(({ what }) => what.startsWith(start));

describe("figures", () => {
  test("have the median, minimum and maximum of the rounds", () => {
    const samples = [4, 1, 3, 9].map((wall, at) => sample({ system: "set", wall, round: at + 1 }));
    expect(computeFigures(samples)).toMatchObject([
      { rounds: 4, wallSeconds: { median: 3.5, least: 1, most: 9 }, stateBytes: 1_000_000 },
    ]);
  });

  test("of two sizes give the growth exponent", () => {
    const [small, large] = computeFigures([
      sample({ system: "set", wall: 2, count: 100 }),
      sample({ system: "set", wall: 200, count: 1000 }),
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

describe("bounds", () => {
  test("compare within a round, and use the median of the rounds", () => {
    const samples = [1, 2, 10].flatMap((slowness, at) => [
      sample({ system: "nothing", wall: slowness, round: at + 1 }),
      sample({ system: "single", wall: slowness * 1.15 + 1, concurrent: 1, round: at + 1 }),
    ]);
    expect(findBound(samples, "single, create")).toMatchObject({ value: 1, atMost: 1 });
  });

  test("of a set add the time of the requests to the baseline", () => {
    const samples = [
      sample({ system: "nothing-set", wall: 2 }),
      sample({ system: "requests", wall: 9, span: 1 }),
      sample({ system: "set", wall: 6.4 }),
    ];
    expect(findBound(samples, "set, create: wall ÷ (do-nothing")?.value).toBeCloseTo(2);
  });

  test("omit what was not run", () => {
    expect(computeBounds([sample({ system: "nothing", wall: 1 })])).toEqual([]);
  });

  test("of calls use the maximum of all rounds", () => {
    const samples = [0, 3, 0].map((calls, at) =>
      sample({ system: "set", wall: 1, operation: "no-op", calls, round: at + 1 }),
    );
    expect(findBound(samples, "set, no-op: lists")).toMatchObject({ value: 3, atMost: 0 });
  });

  test("of memory, growth and latency", () => {
    const samples = [
      sample({ system: "nothing-set", wall: 1, count: 5000, memory: 100 }),
      sample({ system: "set", wall: 50, count: 5000, memory: 150 }),
      sample({ system: "set", wall: 1, count: 100 }),
      sample({ system: "set", wall: 1, latencyMs: 50, span: 3.125 }),
    ];
    expect(findBound(samples, "set of 5,000, create")?.value).toBeCloseTo(1.5);
    expect(findBound(samples, "set, create: growth")?.value).toBeCloseTo(1);
    expect(findBound(samples, "set, create with latency")?.value).toBeCloseTo(2);
  });
});

describe("the plan", () => {
  test("runs up to 1,000 single resources and sets of up to 5,000, the slowest last", () => {
    const plan = createPlan({ quick: false, only: "set,single" });
    expect(
      plan.map(({ count, latencyMs, systems }) => [
        count,
        latencyMs,
        ...systems.map(({ system }) => system.key),
      ]),
    ).toEqual([
      [3, 0, "set"],
      [100, 0, "set"],
      [1000, 0, "set"],
      [1000, 50, "set"],
      [5000, 0, "set"],
      [3, 0, "single"],
      [100, 0, "single"],
      [1000, 0, "single"],
      [1000, 50, "single"],
    ]);
    expect(plan.map(({ systems }) => systems[0]?.rounds)).toEqual([5, 5, 5, 5, 5, 5, 5, 5, 3]);
  });

  test("rejects an unknown system, and names the available ones", () => {
    expect(() => createPlan({ quick: true, only: "pulumi" })).toThrow(/pulumi is unknown.*single/);
  });
});

describe("the report", () => {
  const figures = computeFigures([
    sample({ system: "set", wall: 1, count: 100 }),
    sample({ system: "set", wall: 3, count: 1000 }),
  ]);

  test("has a Markdown table for each size", () => {
    const bounds = [{ what: "a bound", value: 2, atMost: 1 }];
    const report = formatMarkdown({
      startUp: undefined,
      figures,
      bounds,
      machine: "A machine.",
      plot: "plot.svg",
    });
    expect(report).toContain("## 1,000 connections, without latency");
    expect(report).toContain("| `OrgConnectionSet` | 3; 0 |");
    expect(report).toContain("| a bound | 2 | 1 | **no** |");
  });

  test("has a plot with a line per system", async () => {
    const svg = await drawPlot(figures);
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain("OrgConnectionSet");
  });
});
