import { describe, expect, it } from "vitest";
import { plain } from "../../../cli/src/changes/phrase.js";
import type { Policy } from "../../../cli/src/policy/policy.js";
import { reviewSteps, set, single, UNKNOWN, type StepOf } from "../changes/steps.js";

const hub = single("to-hub", "hub", "audit, logs");
const search = single("to-search", "search", "logs");
const made: StepOf[] = [["create", undefined, hub]];

/** What violates the policy, and what the review comes to. */
function check(policy: Policy, steps: StepOf[], state = [hub, search]): [string, ...string[]] {
  const { outcome, violations } = reviewSteps(steps, { policy, state });
  return [outcome, ...violations.map(({ sentence }) => plain(sentence))];
}

describe("allow", () => {
  it("looks at what newly reaches a destination, not at what it has, nor at what it loses", () => {
    const policy: Policy = { allow: [{ types: ["logs"] }] };
    const with_ = (types: string) => single("to-hub", "hub", types);
    expect(check(policy, [["update", with_("audit"), with_("audit, logs")]])).toEqual(["changes"]);
    expect(check(policy, [["update", with_("logs"), with_("audit, logs")]])).toEqual([
      "violation",
      "Payments → hub: audit is outside the allow-list.",
    ]);
    expect(check(policy, [["update", hub, with_("audit")]])).toEqual(["destructive"]);
    expect(check({ allow: [] }, [["delete", hub]])).toEqual(["destructive"]);
  });

  it("looks at the pair as a whole: a source of one entry and a sink of another are not allowed", () => {
    const policy: Policy = {
      allow: [
        { source: "payments", sink: "search" },
        { source: "other", sink: "hub" },
      ],
    };
    expect(check(policy, made)[0]).toBe("violation");
  });

  it("types that are not told, or left to Datadog, need an entry for all types", () => {
    for (const connectionTypes of [UNKNOWN, undefined]) {
      const open = single("x", "hub", "", { inputs: { ...hub.inputs, connectionTypes } });
      expect(
        check({ allow: [{ types: ["logs", "metrics", "audit"] }] }, [["create", undefined, open]])[0],
      ).toBe("violation");
      expect(check({ allow: [{ sink: "hub" }] }, [["create", undefined, open]])).toEqual(["changes"]);
    }
  });

  it("a destination that is not known before the up passes where any is allowed, and nowhere else", () => {
    const open = single("x", "hub", "logs", {
      inputs: { ...hub.inputs, sinkOrgId: UNKNOWN, connectionTypes: ["logs"] },
    });
    expect(check({ allow: [{ sink: "*" }] }, [["create", undefined, open]])).toEqual(["changes"]);
    expect(check({ allow: [{ sink: "hub" }] }, [["create", undefined, open]])[0]).toBe("violation");
  });
});

describe("reason", () => {
  const reasoned = (reason: string): StepOf[] => [
    ["create", undefined, single("to-hub", "hub", "audit", { inputs: { ...hub.inputs, reason } })],
  ];
  it("that is blank is none", () => {
    expect(check({ reason: [{}] }, reasoned("  "))[0]).toBe("violation");
    expect(check({ reason: [{}] }, reasoned("x"))).toEqual(["changes"]);
  });

  it("that is not known before the up is none", () => {
    expect(check({ reason: [{}] }, reasoned(UNKNOWN))[0]).toBe("violation");
  });

  it("that no longer fits is seen, though nothing shared changes", () => {
    const before = single("to-hub", "hub", "audit", { inputs: { ...hub.inputs, reason: "SEC-1" } });
    const after = single("to-hub", "hub", "audit", { inputs: { ...hub.inputs, reason: "none" } });
    expect(check({ reason: [{ pattern: "^SEC-" }] }, [["update", before, after]])[0]).toBe("violation");
  });
});

describe("sinks", () => {
  const more: StepOf[] = [["create", undefined, single("more", "security", "logs")]];
  it("counts what stays, and a destination once", () => {
    expect(check({ sinks: [{ most: 2 }] }, more)).toEqual([
      "violation",
      "Payments would share with 3 destinations; 2 are allowed.",
    ]);
    expect(check({ sinks: [{ most: 3 }] }, more)).toEqual(["changes"]);
  });

  it("lets a source with too many give some up, or change them", () => {
    expect(check({ sinks: [{ most: 0 }] }, [["delete", hub]])).toEqual(["destructive"]);
    expect(check({ sinks: [{ most: 0 }] }, [["update", hub, single("to-hub", "hub", "audit")]])).toEqual([
      "destructive",
    ]);
  });
});

describe("protect", () => {
  it("that is taken off is seen, of a set for each of its members", () => {
    const before = set({ hub: "logs", search: "logs" }, { protect: true });
    expect(check({ protect: [{}] }, [["update", before, set({ hub: "logs", search: "logs" })]])).toHaveLength(
      3,
    );
  });

  it("does not stand in the way of an end", () => {
    expect(check({ protect: [{}] }, [["delete", hub]])).toEqual(["destructive"]);
  });
});
