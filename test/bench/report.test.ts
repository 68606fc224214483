import { describe, expect, test } from "vitest";
import { computeFigures } from "../../bench/figures.mjs";
import { drawPlot } from "../../bench/plot.mjs";
import { formatReport } from "../../bench/report.mjs";
import { createSample } from "./sample.js";

type Report = Parameters<typeof formatReport>[0];

const figures = computeFigures([
  createSample({ system: "set", wall: 1, count: 100 }),
  createSample({ system: "set", wall: 3, memory: 400 }),
  createSample({ system: "single", workload: "hub", wall: 2, count: 3, memory: 300, processes: 5 }),
  createSample({ system: "single", workload: "hub", wall: 1, count: 3, operation: "refresh", memory: 250 }),
  createSample({ system: "tofu", workload: "hub", wall: 11, count: 40, memory: 1000, processes: 41 }),
  createSample({ system: "single", workload: "hub-all", wall: 78, memory: 850, processes: 5 }),
  createSample({
    system: "single",
    workload: "hub",
    wall: 4,
    count: 40,
    latencyMs: 50,
    memory: 300,
    processes: 5,
  }),
]);

const format = (change: Partial<Report> = {}) =>
  formatReport({
    machine: "A machine.",
    startUp: undefined,
    notMeasured: [],
    figures,
    bounds: [],
    plot: "plot.svg",
    ...change,
  });

describe("the report", () => {
  test("begins with the hub: one row for each size and system, with the most memory and processes", () => {
    const [, hub = "", one = ""] = format().split("\n## ");
    expect(hub).toMatch(/^N source organizations/);
    expect(one).toMatch(/^N connections of one source organization/);
    expect(hub.match(/^\| .*$/gm)).toEqual([
      "| organizations |  | preview | create | no-op | refresh | change | destroy | memory | processes |",
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
      "| 3 | `OrgConnection` |  | 2 |  | 1 |  |  | 0.31 GB | 5 |",
      "| 40 | OpenTofu, official provider |  | 11 |  |  |  |  | 1.05 GB | 41 |",
      "| 1,000, with credentials that list all | `OrgConnection` |  | 78 |  |  |  |  | 0.89 GB | 5 |",
      "| 40, each response after 50 ms | `OrgConnection` |  | 4 |  |  |  |  | 0.31 GB | 5 |",
    ]);
    expect(one).toContain("| 1,000 | `OrgConnectionSet` |  | 3 |");
  });

  test("says how each measured system ran, and no other", () => {
    const report = format();
    expect(report).toMatch(/^- OpenTofu, official provider: .*literal blocks.*`count` over a local list/m);
    expect(report).not.toContain("- `@pulumi/datadog`:");
  });

  test("has a line for each peer that could not be measured", () => {
    const notMeasured = [{ title: "OpenTofu", reason: "`tofu init` exited with 1: no provider" }];
    expect(format({ notMeasured })).toContain(
      "Not measured:\n\n- OpenTofu: `tofu init` exited with 1: no provider\n",
    );
    expect(format()).not.toContain("Not measured");
  });

  test("has a row for each kind of bound, and explains each bound that does not hold by its floor", () => {
    const floor = (value: number) => ({ title: "a do-nothing set", value });
    const report = format({
      bounds: [
        { what: "one", operation: "create", value: 1.5, atMost: 1, floor: floor(0.75) },
        { what: "one", operation: "destroy", value: 0.5, atMost: 1, floor: floor(0.25) },
        { what: "two", value: 1.5, atMost: 1, floor: floor(1.25) },
        { what: "three", operation: "no-op", value: 2, atMost: 1 },
        {
          what: "reads",
          operation: "create",
          value: 42,
          atMost: 44,
          spread: { median: 41, least: 40, most: 42 },
        },
        { what: "reads", operation: "no-op", value: 0, atMost: 0 },
      ],
    });
    const [, bounds = ""] = report.split("## Performance bounds");
    expect(bounds.match(/^\| (?:one|two|three|reads).*$/gm)).toEqual([
      "| one | 1 |  | **1.50** (floor 0.75) |  |  |  | 0.50 (floor 0.25) |",
      "| two: **1.50** (floor 1.25) | 1 |  |  |  |  |  |  |",
      "| three | 1 |  |  | **2** |  |  |  |",
      "| reads |  |  | 42 (40–42; at most 44) | 0 (at most 0) |  |  |  |",
    ]);
    expect(bounds.match(/^- .*$/gm)).toEqual([
      "- one, create: 1.50, at most 1. 0.75 of it are the floor, a do-nothing set; 0.75 are ours.",
      "- two: 1.50, at most 1. 1.25 of it are the floor, a do-nothing set: the floor alone exceeds the bound.",
      "- three, no-op: 2, at most 1. No floor was measured.",
    ]);
  });

  test("is complete without figures", () => {
    expect(format({ figures: [] })).toMatch(/^# Benchmark\n\nA machine\./);
  });
});

describe("the plot", () => {
  test("begins with the hub, and has a panel for each operation and for memory", async () => {
    const svg = await drawPlot(figures);
    expect(svg).toMatch(/^<svg/);
    const labels = [...svg.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, label]) => label);
    expect(labels.filter((label) => /^organizations|^memory|^connections/.test(label ?? ""))).toEqual([
      ...Array.from({ length: 6 }, () => "organizations, one hub"),
      "memory",
      ...Array.from({ length: 6 }, () => "connections of one organization"),
      "memory",
    ]);
    expect(labels).toEqual(expect.arrayContaining(["OrgConnectionSet", "OpenTofu, official provider"]));
    expect(labels).not.toContain("a do-nothing set");
  });

  test("has no row for a workload without figures", async () => {
    const svg = await drawPlot(figures.filter(({ workload }) => workload === "one-source"));
    expect(svg).not.toContain(">organizations, one hub<");
  });
});
