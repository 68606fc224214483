import { describe, expect, it } from "vitest";
import { toPlainText } from "../../../cli/src/changes/rich-text.js";
import { renderJson } from "../../../cli/src/commands/review/json.js";
import { renderMarkdown } from "../../../cli/src/commands/review/markdown.js";
import type { Policy, RuleName } from "../../../cli/src/policy/policy.js";
import {
  UNKNOWN,
  createSet,
  createSingle,
  getId,
  reviewSteps,
  step,
  type StepTuple,
} from "../changes/steps.js";

const hub = createSingle("to-hub", "hub", "audit, logs");
const search = createSingle("to-search", "search", "logs");
const createHub: StepTuple[] = [step.create(hub)];

/** The outcome of the review, and the violations. */
function check(policy: Policy, steps: StepTuple[], state = [hub, search]): [string, ...string[]] {
  const { outcome, violations } = reviewSteps(steps, { policy, state });
  return [outcome, ...violations.map(({ sentence }) => toPlainText(sentence))];
}

describe("allow", () => {
  it("applies to types that a destination newly receives, not to others", () => {
    const policy: Policy = { allow: [{ types: ["logs"] }] };
    const createHubWith = (types: string) => createSingle("to-hub", "hub", types);
    expect(check(policy, [step.update(createHubWith("audit"), createHubWith("audit, logs"))])).toEqual([
      "changes",
    ]);
    expect(check(policy, [step.update(createHubWith("logs"), createHubWith("audit, logs"))])).toEqual([
      "violation",
      "Payments → hub: audit is outside the allow-list.",
    ]);
    expect(check(policy, [step.update(hub, createHubWith("audit"))])).toEqual(["destructive"]);
    expect(check({ allow: [] }, [step.delete(hub)])).toEqual(["destructive"]);
  });

  it("says which types are outside, and which ones may be, because the name of the source is unknown", () => {
    const created = { ...createSingle("to-hub", "hub", "logs, metrics"), outputs: {} };
    const policy: Policy = { allow: [{ source: "Acme Payments", types: ["logs"] }] };
    expect(check(policy, [step.create(created)], [])).toEqual([
      "violation",
      expect.stringMatching(
        /: metrics is outside the allow-list, and logs may be outside it: too little is known about the organizations/,
      ),
    ]);
  });

  it("applies to the pair: a source of one entry and a destination of another entry are not allowed", () => {
    const policy: Policy = {
      allow: [
        { source: "payments", sink: "search" },
        { source: "other", sink: "hub" },
      ],
    };
    expect(check(policy, createHub)[0]).toBe("violation");
  });

  it("unknown or unspecified types need an entry for all types", () => {
    for (const connectionTypes of [UNKNOWN, undefined]) {
      const open = createSingle("x", "hub", "", { inputs: { ...hub.inputs, connectionTypes } });
      expect(check({ allow: [{ types: ["logs", "metrics", "audit"] }] }, [step.create(open)])[0]).toBe(
        "violation",
      );
      expect(check({ allow: [{ sink: "hub" }] }, [step.create(open)])).toEqual(["changes"]);
    }
  });

  it("a destination that is not known before the up passes only if any destination is allowed", () => {
    const open = createSingle("x", "hub", "logs", {
      inputs: { ...hub.inputs, sinkOrgId: UNKNOWN, connectionTypes: ["logs"] },
    });
    expect(check({ allow: [{ sink: "*" }] }, [step.create(open)])).toEqual(["changes"]);
    expect(check({ allow: [{ sink: "hub" }] }, [step.create(open)])[0]).toBe("violation");
  });
});

describe("reason", () => {
  const createWithReason = (reason: string): StepTuple[] => [
    step.create(createSingle("to-hub", "hub", "audit", { inputs: { ...hub.inputs, reason } })),
  ];
  it("that is blank, or not known before the up, does not count", () => {
    for (const reason of ["  ", UNKNOWN])
      expect(check({ reason: [{}] }, createWithReason(reason))[0]).toBe("violation");
    expect(check({ reason: [{}] }, createWithReason("x"))).toEqual(["changes"]);
  });

  it("that no longer matches is reported, although nothing that is shared changes", () => {
    const before = createSingle("to-hub", "hub", "audit", { inputs: { ...hub.inputs, reason: "SEC-1" } });
    const after = createSingle("to-hub", "hub", "audit", { inputs: { ...hub.inputs, reason: "none" } });
    expect(check({ reason: [{ pattern: "^SEC-" }] }, [step.update(before, after)])[0]).toBe("violation");
  });

  it("is needed for the types of the rule, `audit` by default, and the sentence names them", () => {
    expect(check({ reason: [{}] }, createHub)).toEqual([
      "violation",
      "Payments → hub: sharing audit needs a reason.",
    ]);
    expect(check({ reason: [{ types: ["logs", "audit", "metrics"] }] }, createHub)).toEqual([
      "violation",
      "Payments → hub: sharing logs and audit needs a reason.",
    ]);
    expect(check({ reason: [{ types: ["metrics"] }] }, createHub)).toEqual(["changes"]);
  });

  it("must match the pattern, and the sentence quotes both", () => {
    expect(check({ reason: [{ pattern: "^SEC-" }] }, createWithReason(" none "))).toEqual([
      "violation",
      "Payments → hub: sharing audit needs a reason that matches ^SEC-, not “none”.",
    ]);
    expect(check({ reason: [{ pattern: "^SEC-" }] }, createWithReason(" SEC-1 "))).toEqual(["changes"]);
  });

  it("is needed for types that are not shown or unspecified", () => {
    const open = createSingle("x", "hub", "", { inputs: { ...hub.inputs, connectionTypes: UNKNOWN } });
    expect(check({ reason: [{}] }, [step.create(open)])).toEqual([
      "violation",
      "Payments → hub: sharing types that are not shown needs a reason.",
    ]);
    const unspecified = createSingle("x", "hub", "", {
      inputs: { ...hub.inputs, connectionTypes: undefined },
    });
    expect(check({ reason: [{}] }, [step.create(unspecified)])).toEqual([
      "violation",
      "Payments → hub: sharing the types that Datadog chooses needs a reason.",
    ]);
  });

  it("is not needed by a rule for other organizations", () => {
    expect(check({ reason: [{ sink: "search" }] }, createHub)).toEqual(["changes"]);
    expect(check({ reason: [{ source: "other", sink: "hub" }] }, createHub)).toEqual(["changes"]);
  });

  it("is needed if too little is known about an organization of the rule", () => {
    const open = createSingle("x", "hub", "audit", {
      inputs: { ...hub.inputs, sinkOrgId: UNKNOWN, connectionTypes: ["audit"] },
    });
    const [outcome, sentence] = check({ reason: [{ sink: "hub" }] }, [step.create(open)]);
    expect(outcome).toBe("violation");
    expect(sentence).toContain("sharing audit needs a reason (too little is known");
  });
});

describe("a violation", () => {
  const review = (policy: Policy) => reviewSteps(createHub, { policy, state: [hub, search] }).violations;

  it("names the rule, its place in the file and the change", () => {
    expect(review({ reason: [{ sink: "search" }, {}], protect: [{}], allow: [] })).toMatchObject([
      { rule: "allow", level: "error", at: "allow", change: { resource: "to-hub" } },
      { rule: "reason", level: "error", at: "reason[1]", change: { resource: "to-hub" } },
      { rule: "protect", level: "error", at: "protect[0]", change: { resource: "to-hub" } },
    ]);
  });

  it("is a warning if the policy says so, rule by rule", () => {
    const levels = review({ reason: [{}], protect: [{}], warnOnly: ["reason"] }).map(({ level }) => level);
    expect(levels).toEqual(["warning", "error"]);
  });
});

it("a member of a set satisfies and violates each rule like a single connection", () => {
  const inputs = { reason: "SEC-2" };
  const set = createSet({ hub: "logs", search: "audit" }, { inputs, protect: true });
  const checkSet = (policy: Policy) => check(policy, [step.create(set)], []);
  const satisfied: Policy = { reason: [{ pattern: "^SEC-" }], maxDestinations: [{ max: 2 }], protect: [{}] };
  expect(checkSet({ ...satisfied, allow: [{ source: "payments" }] })).toEqual(["changes"]);
  for (const policy of [
    { allow: [{ sink: getId("hub") }] },
    { reason: [{ pattern: "^OPS-" }] },
    { maxDestinations: [{ max: 1 }] },
  ])
    expect(checkSet(policy)).toEqual(["violation", expect.any(String)]);
});

describe("in the report", () => {
  it.each<[string, Policy]>([
    ["allow", { allow: [] }],
    ["reason", { reason: [{}] }],
    ["maxDestinations", { maxDestinations: [{ max: 0 }] }],
    ["protect", { protect: [{}] }],
  ])("a violation of %s has a line and marks its change, and a warning has only a line", (rule, policy) => {
    const report = (more: Policy) => {
      const review = reviewSteps(createHub, { policy: { ...policy, ...more }, state: [search] });
      const lines = renderMarkdown(review).split("\n");
      const { violations } = JSON.parse(renderJson(review)) as { violations: object[] };
      return {
        outcome: review.outcome,
        violations,
        count: (start: string) => lines.filter((line) => line.startsWith(start)).length,
        marked: lines.filter((line) => line.endsWith(`**Violates \`${rule}\`.**`)).length,
      };
    };
    const violation = report({});
    expect(violation).toMatchObject({
      outcome: "violation",
      violations: [{ rule, level: "error" }],
      marked: 1,
    });
    expect(violation.count(`- ⛔ \`${rule}\`: `)).toBe(1);
    const warning = report({ warnOnly: [rule as RuleName] });
    expect(warning).toMatchObject({
      outcome: "changes",
      violations: [{ rule, level: "warning" }],
      marked: 0,
    });
    expect(warning.count(`- \`${rule}\`: `)).toBe(1);
  });
});

describe("names in a rule", () => {
  it.each([" HUB ", "h*b", "**", "H*", getId("hub").toUpperCase()])("%j is the hub", (sink) => {
    expect(check({ allow: [{ sink }] }, createHub)).toEqual(["changes"]);
  });

  it.each(["hu", "ub", "h*c", "b*h", getId("search")])("%j is another organization", (sink) => {
    expect(check({ allow: [{ sink }] }, createHub)[0]).toBe("violation");
  });
});

describe("maxDestinations", () => {
  const more: StepTuple[] = [step.create(createSingle("more", "security", "logs"))];
  it("counts unchanged connections, and each destination once", () => {
    expect(check({ maxDestinations: [{ max: 2 }] }, more)).toEqual([
      "violation",
      "Payments would share with 3 destinations; 2 are allowed.",
    ]);
    expect(check({ maxDestinations: [{ max: 3 }] }, more)).toEqual(["changes"]);
    expect(check({ maxDestinations: [{ max: 0 }] }, more, [])).toEqual([
      "violation",
      "payments (configured name) would share with 1 destination; 0 are allowed.",
    ]);
  });

  it("is violated if neither the preview nor a state shows the unchanged connections, which may be too many", () => {
    const { violations } = reviewSteps(more, { policy: { maxDestinations: [{ max: 2 }] } });
    expect(violations.map(({ sentence }) => toPlainText(sentence))).toEqual([
      "payments (configured name) would share with at least 1 destination; 2 are allowed. The exact count is unknown, because unchanged connections are unknown: pass the state with --state or --stack.",
    ]);
  });

  it("counts the destinations of sources that may be the same organization under another name", () => {
    const other = createSingle("other", "security", "logs", {
      inputs: { ...hub.inputs, source: "other", sinkOrgId: getId("security") },
    });
    const steps: StepTuple[] = [step.create(other)];
    expect(check({ maxDestinations: [{ max: 3 }] }, steps)).toEqual(["changes"]);
    expect(check({ maxDestinations: [{ max: 2 }] }, steps)).toEqual([
      "violation",
      expect.stringMatching(
        /^other \(configured name\) would share with 1 destination, or 3 if other sources are the same organization; 2 are allowed \(too little is known/,
      ),
    ]);
    expect(check({ maxDestinations: [{ source: getId("search"), max: 2 }] }, steps)[0]).toBe("violation");
  });

  it("is violated by an update to a source that is not known before the up, like a create with such a source", () => {
    const moved = createSingle("to-hub", "hub", "audit, logs", {
      inputs: { ...hub.inputs, source: UNKNOWN },
    });
    const sentence =
      "an organization that is not shown would share with at least 1 destination; 5 are allowed. The exact count is unknown, because the sources or destinations of to-hub are unknown.";
    for (const steps of [[step.update(hub, moved)], [step.create(moved)]] satisfies StepTuple[][]) {
      const { violations } = reviewSteps(steps, { policy: { maxDestinations: [{ max: 5 }] }, state: [hub] });
      expect(violations.map((one) => toPlainText(one.sentence))).toEqual([sentence]);
    }
  });

  it("is violated with the names of ten resources with unknown sources, and the count of the others", () => {
    const names = Array.from({ length: 12 }, (_, at) => `r-${at + 1}`);
    const inputs = { ...hub.inputs, source: UNKNOWN };
    const steps = names.map((name): StepTuple => step.create(createSingle(name, "hub", "logs", { inputs })));
    const { violations } = reviewSteps(steps, { policy: { maxDestinations: [{ max: 5 }] } });
    expect(violations.map(({ sentence }) => toPlainText(sentence))).toEqual([
      `an organization that is not shown would share with at least 1 destination; 5 are allowed. The exact count is unknown, because the sources or destinations of ${names.slice(0, 10).join(", ")} and 2 more are unknown and unchanged connections are unknown: pass the state with --state or --stack.`,
    ]);
  });

  it("allows a source with too many destinations to delete or update some", () => {
    expect(check({ maxDestinations: [{ max: 0 }] }, [step.delete(hub)])).toEqual(["destructive"]);
    expect(
      check({ maxDestinations: [{ max: 0 }] }, [step.update(hub, createSingle("to-hub", "hub", "audit"))]),
    ).toEqual(["destructive"]);
  });
});

describe("protect", () => {
  it("that is removed is reported, for a set once for each member", () => {
    const before = createSet({ hub: "logs", search: "logs" }, { protect: true });
    expect(
      check({ protect: [{}] }, [step.update(before, createSet({ hub: "logs", search: "logs" }))]),
    ).toHaveLength(3);
  });

  it("does not apply to a deletion", () => {
    expect(check({ protect: [{}] }, [step.delete(hub)])).toEqual(["destructive"]);
  });
});
