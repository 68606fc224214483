import { expect, test } from "vitest";
import { computeBounds, holds } from "../../bench/bounds.mjs";
import type { Sample } from "../../bench/rounds.mjs";
import { createSample } from "./sample.js";

const findBound = (samples: Sample[], start: string, name: Sample["operation"] = "create") =>
  computeBounds(samples).find(({ what, operation }) => what.startsWith(start) && operation === name);

test("bounds compare within a round, and use the median of the rounds", () => {
  const samples = [1, 2, 10].flatMap((slowness, at) => [
    createSample({ system: "nothing", wall: slowness, round: at + 1 }),
    createSample({ system: "single", wall: slowness * 1.15 + 1, concurrent: 1, round: at + 1 }),
  ]);
  expect(findBound(samples, "single: wall")).toMatchObject({ value: 1, atMost: 1 });
});

test("a bound has the floor of the same rounds", () => {
  const samples = [
    createSample({ system: "nothing", wall: 2 }),
    createSample({ system: "single", wall: 3.3, concurrent: 1 }),
  ];
  const bound = findBound(samples, "single: wall");
  expect(bound?.floor).toEqual({ title: "a do-nothing resource", value: expect.closeTo(2 / 3.3) as number });
});

test("a set has the time of the requests and, in a refresh only, 0.15 s to load its client", () => {
  const samples = (["create", "refresh"] as const).flatMap((operation) => [
    createSample({ system: "nothing-set", wall: 2, operation }),
    createSample({ system: "requests", wall: 9, span: 1, operation }),
    createSample({ system: "set", wall: 6.4, operation }),
  ]);
  expect(findBound(samples, "set: wall ÷ (do-nothing")?.value).toBeCloseTo(6.4 / 3.2);
  expect(findBound(samples, "set: wall ÷ (do-nothing", "refresh")?.value).toBeCloseTo(6.4 / 3.35);
});

test("a hub is compared with OpenTofu, and with the engine's own cost", () => {
  const ofHub = { workload: "hub", count: 40 } as const;
  const samples = [
    createSample({ ...ofHub, system: "single", wall: 3 }),
    createSample({ ...ofHub, system: "nothing", wall: 2 }),
    createSample({ ...ofHub, system: "tofu", wall: 10 }),
  ];
  const bound = findBound(samples, "single, hub of 40: wall ÷ OpenTofu's");
  expect(bound).toMatchObject({ value: 0.3, atMost: 1 / 3, floor: { value: 0.2 } });
});

test("with 1,000 connections, the set of the plugin takes at most a third of OpenTofu's time", () => {
  const samples = [
    createSample({ system: "plugin-yaml-set", wall: 4 }),
    createSample({ system: "nothing-plugin-set", wall: 1 }),
    createSample({ system: "tofu", wall: 10 }),
  ];
  const bound = findBound(samples, "plugin-yaml-set, one-source of 1000");
  expect(bound).toMatchObject({ value: 0.4, atMost: 1 / 3, floor: { value: 0.1 } });
  expect(bound && holds(bound)).toBe(false);
});

test("the memory of 1,000 organizations, with credentials that list all, is below 0.9 GB", () => {
  const samples = [860, 850, 900].flatMap((memory, at) => [
    createSample({ system: "single", workload: "hub-all", memory, round: at + 1 }),
    createSample({ system: "nothing", workload: "hub-all", memory: 500, round: at + 1 }),
  ]);
  const bound = findBound(samples, "hub of 1,000, credentials that list all");
  expect(bound).toMatchObject({ atMost: 0.9, floor: { value: expect.closeTo(0.524, 3) as number } });
  expect(bound?.value).toBeCloseTo(0.902, 3);
  expect(bound && holds(bound)).toBe(false);
  const ofOtherKeys = samples.map((sample) => ({ ...sample, workload: "hub" as const }));
  expect(findBound(ofOtherKeys, "hub of 1,000")).toBeUndefined();
});

test("bounds of what was not run are omitted", () => {
  expect(computeBounds([createSample({ system: "nothing" })])).toEqual([]);
});

test("bounds of calls use the maximum of all rounds", () => {
  const samples = [0, 3, 0].map((calls, at) =>
    createSample({ system: "set", operation: "no-op", calls, writes: at, round: at + 1 }),
  );
  expect(findBound(samples, "set: reads", "no-op")).toMatchObject({ value: 2, atMost: 0 });
  expect(findBound(samples, "set: writes", "no-op")).toMatchObject({ value: 2, atMost: 0 });
});

test("a hub has one read for each organization that is created, and at most four more", () => {
  const sample = createSample({ system: "single", workload: "hub", count: 40, calls: 85, writes: 40 });
  expect(findBound([sample], "hub of 40: reads")).toMatchObject({ value: 45, atMost: 44 });
});

test("bounds of memory, growth and latency, each with its floor", () => {
  const samples = [
    createSample({ system: "nothing-set", count: 5000, memory: 100, wall: 50 }),
    createSample({ system: "set", wall: 50, count: 5000, memory: 150 }),
    createSample({ system: "requests", count: 5000, memory: 70 }),
    createSample({ system: "requests", operation: "no-op", count: 5000, memory: 50 }),
    createSample({ system: "set", count: 100 }),
    createSample({ system: "nothing-set", count: 100 }),
    createSample({ system: "set", latencyMs: 50, span: 3.125 }),
    createSample({ system: "requests", latencyMs: 50, span: 1.5625 }),
  ];
  expect(findBound(samples, "set of 5,000")).toMatchObject({ value: 1.5, floor: { value: 1.2 } });
  expect(findBound(samples, "set: growth")).toMatchObject({ value: 1, floor: { value: 1 } });
  expect(findBound(samples, "set with latency")).toMatchObject({ value: 2, floor: { value: 1 } });
});

test("a value that is not a number does not hold", () => {
  expect(holds({ what: "a bound", value: NaN, atMost: 1 })).toBe(false);
});
