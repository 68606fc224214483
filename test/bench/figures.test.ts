import { describe, expect, test } from "vitest";
import { boundsOf } from "../../bench/bounds.mjs";
import { figuresOf, growthExponent } from "../../bench/figures.mjs";
import { markdownOf } from "../../bench/markdown.mjs";
import { planOf } from "../../bench/plan.mjs";
import { plotOf } from "../../bench/plot.mjs";
import type { Sample } from "../../bench/rounds.mjs";
import { trafficOf } from "../../bench/traffic.mjs";

type Operation = Sample["operation"];
interface Given {
  system: string;
  wall: number;
  round?: number;
  count?: number;
  operation?: Operation;
  span?: number;
  inFlight?: number;
  latencyMs?: number;
  calls?: number;
  memory?: number;
}

/** One operation of one system, with what the test does not care about filled in. */
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
      inFlightSeconds: given.inFlight ?? 0,
      spanSeconds: given.span ?? 0,
      mostInFlight: 0,
      refused: 0,
    },
    stateBytes: 1000 * count,
  };
}

const boundNamed = (samples: Sample[], start: string) =>
  boundsOf(samples).find(({ what }) => what.startsWith(start));

describe("figures", () => {
  test("hold the median, the least and the most of the rounds", () => {
    const samples = [4, 1, 3, 9].map((wall, at) => sample({ system: "set", wall, round: at + 1 }));
    expect(figuresOf(samples)).toMatchObject([
      { rounds: 4, wallSeconds: { median: 3.5, least: 1, most: 9 }, stateBytes: 1_000_000 },
    ]);
  });

  test("of two sizes give the exponent by which cost grows", () => {
    const [small, large] = figuresOf([
      sample({ system: "set", wall: 2, count: 100 }),
      sample({ system: "set", wall: 200, count: 1000 }),
    ]);
    if (!small || !large) throw new Error("two sizes, not two figures");
    expect(growthExponent(small, large)).toBeCloseTo(2);
  });
});

describe("traffic", () => {
  test("counts the time with a request in flight once, however many there were", () => {
    const request = (method: string, startedAt: number, endedAt: number) =>
      ({ method, startedAt, endedAt, status: 200 }) as Parameters<typeof trafficOf>[0][number];
    const traffic = trafficOf([
      request("GET", 0, 1000),
      request("POST", 2000, 4000),
      request("POST", 3000, 5000),
    ]);
    expect(traffic).toMatchObject({
      calls: 3,
      writes: 2,
      inFlightSeconds: 4,
      spanSeconds: 5,
      mostInFlight: 2,
    });
  });
});

describe("bounds", () => {
  test("compare within a round, and take the median over the rounds", () => {
    const samples = [1, 2, 10].flatMap((slowness, at) => [
      sample({ system: "nothing", wall: slowness, round: at + 1 }),
      sample({ system: "single", wall: slowness * 1.15 + 1, inFlight: 1, round: at + 1 }),
    ]);
    expect(boundNamed(samples, "single, create")).toMatchObject({ value: 1, atMost: 1 });
  });

  test("of a set add the requests alone to the floor", () => {
    const samples = [
      sample({ system: "nothing-set", wall: 2 }),
      sample({ system: "requests", wall: 9, span: 1 }),
      sample({ system: "set", wall: 6.4 }),
    ];
    expect(boundNamed(samples, "set, create: wall ÷ (do-nothing")?.value).toBeCloseTo(2);
  });

  test("leave out what was not run", () => {
    expect(boundsOf([sample({ system: "nothing", wall: 1 })])).toEqual([]);
  });

  test("of calls go by the most of all rounds", () => {
    const samples = [0, 3, 0].map((calls, at) =>
      sample({ system: "set", wall: 1, operation: "no-op", calls, round: at + 1 }),
    );
    expect(boundNamed(samples, "set, no-op: lists")).toMatchObject({ value: 3, atMost: 0 });
  });

  test("of memory, growth and latency", () => {
    const samples = [
      sample({ system: "nothing-set", wall: 1, count: 5000, memory: 100 }),
      sample({ system: "set", wall: 50, count: 5000, memory: 150 }),
      sample({ system: "set", wall: 1, count: 100 }),
      sample({ system: "set", wall: 1, latencyMs: 50, span: 3.125 }),
    ];
    expect(boundNamed(samples, "set of 5,000, create")?.value).toBeCloseTo(1.5);
    expect(boundNamed(samples, "set, create: growth")?.value).toBeCloseTo(1);
    expect(boundNamed(samples, "set, create with latency")?.value).toBeCloseTo(2);
  });
});

describe("the plan", () => {
  test("runs single resources to a thousand, sets to five thousand, what takes longest last", () => {
    const plan = planOf({ quick: false, only: "set,single" });
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

  test("refuses a system that it does not have, and names those it has", () => {
    expect(() => planOf({ quick: true, only: "pulumi" })).toThrow(/pulumi is not known.*single/);
  });
});

describe("the report", () => {
  const figures = figuresOf([
    sample({ system: "set", wall: 1, count: 100 }),
    sample({ system: "set", wall: 3, count: 1000 }),
  ]);

  test("is a table for each size, in Markdown", () => {
    const bounds = [{ what: "a bound", value: 2, atMost: 1 }];
    const report = markdownOf({
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

  test("has a plot with a line for each system", async () => {
    const svg = await plotOf(figures);
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain("OrgConnectionSet");
  });
});
