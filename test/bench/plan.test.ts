import { expect, test } from "vitest";
import { createPlan } from "../../bench/plan.mjs";

const listParts = ({ parts }: ReturnType<typeof createPlan>) =>
  parts.map(({ workload, count, latencyMs, rounds, systems }) =>
    [workload, count, latencyMs, rounds, ...systems.map(({ key }) => key)].join(" "),
  );

test("the hub comes first, and what takes minutes last, in few rounds", () => {
  expect(listParts(createPlan({ quick: false, only: "set,single,naive,plugin-js" }))).toEqual([
    "hub 3 0 9 single plugin-js",
    "hub 10 0 3 single plugin-js",
    "hub 40 0 5 single plugin-js",
    "hub 100 0 5 single plugin-js",
    "hub 40 50 3 single plugin-js",
    "one-source 3 0 9 set plugin-js",
    "one-source 100 0 5 set plugin-js",
    "one-source 1000 0 7 set",
    "one-source 1000 50 5 set",
    "one-source 5000 0 5 set",
    "one-source 3 0 5 single naive",
    "one-source 100 0 5 single naive",
    "hub-all 1000 0 1 single",
    "one-source 1000 0 3 single",
    "one-source 1000 0 1 plugin-js",
  ]);
});

test("a thousand organizations are ours alone, with the baselines", () => {
  const { parts } = createPlan({ quick: false, workloads: "hub-all" });
  expect(parts[0]?.systems.map(({ key }) => key)).toEqual(["requests", "nothing", "single"]);
});

test("a quick run has hubs of 3 and 40 organizations, and one round", () => {
  const plan = createPlan({ quick: true, workloads: "hub,hub-all" });
  expect(listParts(plan)).toEqual([
    "hub 3 0 1 requests nothing single plugin-yaml plugin-executable nothing-plugin plugin-js pulumi-datadog tofu",
    "hub 40 0 1 requests nothing single plugin-yaml nothing-plugin plugin-js pulumi-datadog tofu",
  ]);
});

test("options select systems, workloads, sizes and the most rounds", () => {
  const plan = createPlan({
    quick: false,
    only: "set,tofu",
    workloads: "one-source",
    counts: "3,1000",
    rounds: "4",
  });
  expect(listParts(plan)).toEqual([
    "one-source 3 0 4 set tofu",
    "one-source 1000 0 4 set tofu",
    "one-source 1000 50 4 set tofu",
  ]);
});

test("start-up is part of the complete run, or selected", () => {
  const listRounds = (options: Partial<Parameters<typeof createPlan>[0]>) =>
    createPlan({ quick: false, ...options }).startUpRounds;
  expect(listRounds({})).toBe(5);
  expect(listRounds({ quick: true })).toBe(3);
  expect(listRounds({ rounds: "2" })).toBe(2);
  expect(listRounds({ only: "set,start-up" })).toBe(5);
  expect([{ only: "set" }, { workloads: "hub" }, { counts: "3" }].map(listRounds)).toEqual([0, 0, 0]);
  expect(createPlan({ quick: false, only: "start-up" }).parts).toEqual([]);
});

test.each([
  [{ only: "pulumi" }, /--only: pulumi is unknown.*single/],
  [{ workloads: "mesh" }, /--workloads: mesh is unknown.*hub-all/],
  [{ counts: "3,x" }, /--counts must be a whole number/],
  [{ counts: "7" }, /select nothing/],
])("rejects %j", (options, message) => {
  expect(() => createPlan({ quick: true, ...options })).toThrow(message);
});
