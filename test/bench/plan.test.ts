import { expect, test } from "vitest";
import { createPlan } from "../../bench/plan.mjs";

const listParts = (plan: ReturnType<typeof createPlan>) =>
  plan.map(({ workload, count, latencyMs, rounds, systems }) =>
    [workload, count, latencyMs, rounds, ...systems.map(({ key }) => key)].join(" "),
  );

test("the hub comes first, and what takes minutes last, with fewer rounds", () => {
  expect(listParts(createPlan({ quick: false, only: "set,single,naive" }))).toEqual([
    "hub 3 0 5 single",
    "hub 10 0 5 single",
    "hub 40 0 3 single",
    "hub 100 0 3 single",
    "hub 40 50 3 single",
    "one-source 3 0 5 set",
    "one-source 100 0 5 set",
    "one-source 1000 0 5 set",
    "one-source 1000 50 3 set",
    "one-source 5000 0 5 set",
    "one-source 3 0 5 single naive",
    "one-source 100 0 5 single naive",
    "hub-all 1000 0 3 single",
    "one-source 1000 0 3 single",
    "one-source 1000 0 1 naive",
  ]);
});

test("a thousand organizations are ours alone, with the baselines", () => {
  const [part] = createPlan({ quick: false, workloads: "hub-all" });
  expect(part?.systems.map(({ key }) => key)).toEqual(["requests", "nothing", "single"]);
});

test("a quick run has hubs of 3 and 40 organizations, and one round", () => {
  const plan = createPlan({ quick: true, workloads: "hub,hub-all" });
  expect(listParts(plan)).toEqual([
    "hub 3 0 1 requests nothing single pulumi-datadog tofu",
    "hub 40 0 1 requests nothing single pulumi-datadog tofu",
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
    "one-source 1000 50 3 set tofu",
  ]);
  expect(createPlan({ quick: false, only: "start-up" })).toEqual([]);
});

test.each([
  [{ only: "pulumi" }, /--only: pulumi is unknown.*single/],
  [{ workloads: "mesh" }, /--workloads: mesh is unknown.*hub-all/],
  [{ counts: "3,x" }, /--counts must be a whole number/],
  [{ counts: "7" }, /select nothing/],
])("rejects %j", (options, message) => {
  expect(() => createPlan({ quick: true, ...options })).toThrow(message);
});
