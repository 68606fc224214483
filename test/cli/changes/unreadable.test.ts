import { describe, expect, it } from "vitest";
import { plain } from "../../../cli/src/changes/phrase.js";
import type { Policy } from "../../../cli/src/policy/policy.js";
import { parsePreview } from "../../../cli/src/stack/preview.js";
import { reviewOf } from "../../../cli/src/commands/review/review.js";
import { idOf, reviewSteps, set, single, told, urnOf, type StepOf } from "./steps.js";

const SECRET = "[secret]";
const hub = single("to-hub", "hub", "logs");
const all = set({ hub: "logs", search: "audit" });
type State = typeof hub | typeof all;
const edited = <T extends State>(
  state: T,
  { outputs = {}, ...more }: { outputs?: object } & Record<string, unknown>,
): T => ({
  ...state,
  ...more,
  outputs: { ...(state["outputs"] as object), ...outputs },
});
const secretSet = (sinks: Record<string, string> = { hub: "logs", search: "audit" }) =>
  edited(set(sinks), {
    inputs: { source: "payments", connections: SECRET },
    outputs: { connections: SECRET },
  });
/** A set of which the state tells no connection. */
const hidden = edited(all, { outputs: { members: SECRET, connections: SECRET } });

const sentences = (steps: StepOf[], options?: Parameters<typeof reviewSteps>[1]) =>
  told(reviewSteps(steps, options));
const CANNOT = "cannot be read, and may stop";

describe("a set whose types are a secret", () => {
  it("names every member that ends", () => {
    expect(sentences([["delete", secretSet()]])).toEqual([
      "destructive",
      "Payments → hub stops sharing what cannot be read: connection id-member-hub is ended — set all.",
      "Payments → search stops sharing what cannot be read: connection id-member-search is ended — set all.",
    ]);
  });

  it("may end each of its members when it changes, and types that are told now are new", () => {
    const review = reviewSteps([["update", secretSet(), set({ hub: "logs" })]]);
    expect(told(review)).toEqual([
      "destructive",
      "Payments → search stops sharing what cannot be read: connection id-member-search is ended — set all.",
      "Payments → hub shares what cannot be read now, and then logs — set all.",
    ]);
    expect(review.changes[1]?.gained).toEqual(["logs"]);
    const open = reviewSteps([["update", secretSet(), secretSet({ hub: "logs" })]]);
    expect(open.outcome).toBe("destructive");
    expect(open.changes.map(({ kind }) => kind)).toEqual(["update", "update", "create"]);
  });

  it("gives a connection up whose types are not told: what the adoption ends is not told either", () => {
    const adopting = single("new", "hub", "logs", { inputs: { ...hub.inputs, adopt: true } });
    const steps: StepOf[] = [
      ["create", undefined, adopting],
      ["delete", secretSet({ hub: "logs" })],
    ];
    expect(sentences(steps)).toEqual([
      "destructive",
      "Payments → hub shares what cannot be read now, and then logs: connection id-member-hub is taken over from the resource all — resource new.",
    ]);
  });

  it("is the same as the engine says, whatever is secret", () => {
    const review = reviewSteps([["same", secretSet(), secretSet()]]);
    expect([review.outcome, review.stays.map(({ openTypes }) => openTypes), review.isWhole]).toEqual([
      "none",
      ["not-told", "not-told"],
      true,
    ]);
  });
});

describe("a single one with a secret", () => {
  it("that is its destination keeps it when it is updated", () => {
    const before = edited(hub, {
      outputs: { sinkOrgId: SECRET },
      inputs: { ...hub.inputs, sinkOrgId: SECRET },
    });
    const after = { ...before, inputs: { ...before.inputs, connectionTypes: ["audit", "logs"] } };
    expect(sentences([["update", before, after]])).toEqual([
      "changes",
      "Payments → hub begins to share audit, and goes on sharing logs — resource to-hub.",
    ]);
  });

  it("that is the types may lose some of them", () => {
    const before = edited(hub, { outputs: { connectionTypes: SECRET } });
    expect(reviewSteps([["update", before, hub]]).outcome).toBe("destructive");
    expect(
      reviewSteps([["update", before, { ...hub, inputs: { ...hub.inputs, connectionTypes: undefined } }]])
        .outcome,
    ).toBe("changes");
  });

  it("that is the source does not make it one of the default organization", () => {
    const before = edited(hub, { outputs: { source: { x: 1 }, sourceOrgName: "Payments" } });
    const { changes } = reviewSteps([["delete", before]], {
      state: [before, single("other", "search", "logs", { outputs: { sinkOrgId: idOf("search") } })],
    });
    expect(changes[0]?.before?.source.isDefault).toBeUndefined();
  });
});

describe("a resource of which nothing can be read", () => {
  it.each<[string, StepOf[]]>([
    ["deleted", [["delete", hidden]]],
    [
      "replaced",
      [["replace", hidden, edited(all, { inputs: { ...(all["inputs"] as object), source: "other" } })]],
    ],
    ["updated", [["update", hidden, set({ hub: "logs" })]]],
    ["deleted without an id", [["delete", { ...hub, id: undefined }]]],
  ])("%s: it may stop sharing", (_, steps) => {
    const review = reviewSteps(steps);
    expect(review.outcome).toBe("destructive");
    expect(told(review).join("\n")).toContain(CANNOT);
    expect(review.warnings.map(({ code }) => code)).toContain("not-read");
  });

  it("deleted by a step that shows no state at all: its URN is enough", () => {
    for (const kind of ["", "Set"]) {
      const steps = [{ op: "delete", urn: urnOf("x", kind), oldState: null, newState: null }];
      const { outcome, changes } = reviewOf({ preview: parsePreview(JSON.stringify({ steps }), "preview") });
      expect([outcome, changes.map(({ isUnreadable }) => isUnreadable)]).toEqual(["destructive", [true]]);
    }
  });

  it("that retainOnDelete keeps is only released", () => {
    expect(reviewSteps([["delete", edited(hidden, { retainOnDelete: true })]]).outcome).toBe("changes");
  });

  it("created from what cannot be read shares anything with anybody", () => {
    for (const connections of [SECRET, undefined, 3, ["x"]]) {
      const wanted = edited(all, { inputs: { source: "payments", connections } });
      const review = reviewSteps([["create", undefined, wanted]], { policy: { allow: [{ sink: "hub" }] } });
      expect(review.outcome).toBe("violation");
      expect(review.changes).toMatchObject([
        { kind: "create", isOpen: true, after: { openTypes: "not-told" } },
      ]);
    }
  });

  it("updated: each declared connection is new, as far as anybody can tell", () => {
    const { changes } = reviewSteps([["update", hidden, set({ hub: "audit" })]]);
    expect(changes).toMatchObject([
      { kind: "update", gained: ["audit"] },
      { kind: "update", isUnreadable: true },
    ]);
    const policy: Policy = { allow: [{ types: ["logs"] }] };
    expect(reviewSteps([["update", hidden, set({ hub: "audit" })]], { policy }).outcome).toBe("violation");
    expect(reviewSteps([["update", hidden, set({ hub: "logs" })]], { policy }).outcome).toBe("destructive");
  });

  it("that stays is named, and the picture is not whole", () => {
    for (const review of [
      reviewSteps([["same", hidden, hidden]]),
      reviewSteps([["refresh", hidden, hidden]]),
      reviewSteps([], { state: [hidden] }),
    ]) {
      expect([review.outcome, review.isWhole]).toEqual(["none", false]);
      expect(review.unreadable).toMatchObject([{ name: "all", form: "set" }]);
    }
    expect(reviewSteps([["delete", hidden]], { state: [hidden] }).unreadable).toEqual([]);
  });

  it("that an interrupted replacement has left behind is ended", () => {
    const left = edited(hidden, { delete: true });
    const review = reviewSteps([], { state: [left] });
    expect([review.outcome, told(review)[1]]).toEqual(["destructive", expect.stringContaining(CANNOT)]);
  });
});

describe("strangers of an exclusive set", () => {
  const before = set({ hub: "logs" }, { strangers: { search: "audit" }, inputs: { exclusive: true } });

  it("end where it is a secret whether it is exclusive", () => {
    const wanted = set({ hub: "logs" }, { inputs: { exclusive: SECRET } });
    expect(reviewSteps([["update", before, wanted]]).changes.map(({ kind }) => kind)).toContain("delete");
  });

  it("that cannot be read may end", () => {
    const state = edited(before, { outputs: { strangers: SECRET } });
    const review = reviewSteps([["update", state, before]]);
    expect([review.outcome, told(review).join("\n")]).toEqual([
      "destructive",
      expect.stringContaining(CANNOT),
    ]);
  });
});

describe("how many destinations there are", () => {
  const policy: Policy = { sinks: [{ most: 2 }] };
  const more: StepOf = ["create", undefined, single("more", "security", "logs")];
  const violationsOf = (...args: Parameters<typeof reviewSteps>) =>
    reviewSteps(...args).violations.map(({ sentence }) => plain(sentence));

  it.each<[string, Parameters<typeof reviewSteps>]>([
    ["what a set of secret connections shares", [[["create", undefined, secretSet()]], { policy }]],
    ["what a resource shares that cannot be read", [[more], { policy, state: [hidden] }]],
    [
      "what somebody shares whose name is a secret",
      [[["create", undefined, edited(hub, { inputs: { ...hub.inputs, source: SECRET } })]], { policy }],
    ],
  ])("nobody can count %s, so the rule does not hold", (_, args) => {
    expect(violationsOf(...args)).toEqual([
      expect.stringMatching(/at least 1 destinations, and nobody can count/),
    ]);
  });

  it("what somebody else shares does not matter", () => {
    const other = edited(hidden, { outputs: { sourceOrgId: idOf("search"), source: "other" } });
    expect(violationsOf([more], { policy, state: [other] })).toEqual([]);
  });
});
