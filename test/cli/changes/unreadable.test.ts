import { describe, expect, it } from "vitest";
import { toPlainText } from "../../../cli/src/changes/rich-text.js";
import type { Policy } from "../../../cli/src/policy/policy.js";
import { parsePreview } from "../../../cli/src/stack/formats.js";
import { createReview } from "../../../cli/src/commands/review/review.js";
import {
  createSet,
  createSingle,
  formatReview,
  formatUrn,
  getId,
  reviewSteps,
  step,
  type StepTuple,
} from "./steps.js";

const SECRET = "[secret]";
const hub = createSingle("to-hub", "hub", "logs");
const all = createSet({ hub: "logs", search: "audit" });
type AnyState = typeof hub | typeof all;
const edit = <T extends AnyState>(
  state: T,
  { outputs = {}, ...more }: { outputs?: object } & Record<string, unknown>,
): T => ({
  ...state,
  ...more,
  outputs: { ...(state["outputs"] as object), ...outputs },
});
const createSecretSet = (sinks: Record<string, string> = { hub: "logs", search: "audit" }) =>
  edit(createSet(sinks), {
    inputs: { source: "payments", connections: SECRET },
    outputs: { connections: SECRET },
  });
/** A set whose connections are all secret in the state. */
const hidden = edit(all, { outputs: { members: SECRET, connections: SECRET } });

const formatSteps = (steps: StepTuple[], options?: Parameters<typeof reviewSteps>[1]) =>
  formatReview(reviewSteps(steps, options));
const CANNOT = "cannot be read and may stop being shared";

describe("a set with secret types", () => {
  it("reports every member that is deleted", () => {
    expect(formatSteps([step.delete(createSecretSet())])).toEqual([
      "destructive",
      "Payments → hub stops sharing types that cannot be read: connection id-member-hub will be deleted — connection set all.",
      "Payments → search stops sharing types that cannot be read: connection id-member-search will be deleted — connection set all.",
    ]);
  });

  it("may delete each of its members when it changes, and types that are known now are new", () => {
    const review = reviewSteps([step.update(createSecretSet(), createSet({ hub: "logs" }))]);
    expect(formatReview(review)).toEqual([
      "destructive",
      "Payments → search stops sharing types that cannot be read: connection id-member-search will be deleted — connection set all.",
      "Payments → hub currently shares types that cannot be read, and will share logs — connection set all.",
    ]);
    expect(review.changes[1]?.addedTypes).toEqual(["logs"]);
    const open = reviewSteps([step.update(createSecretSet(), createSecretSet({ hub: "logs" }))]);
    expect(open.outcome).toBe("destructive");
    expect(open.changes.map(({ kind }) => kind)).toEqual(["update", "update", "create"]);
  });

  it("gives up a connection with unknown types, so it is unknown which types the adoption removes", () => {
    const adopting = createSingle("new", "hub", "logs", { inputs: { ...hub.inputs, adopt: true } });
    const steps: StepTuple[] = [step.create(adopting), step.delete(createSecretSet({ hub: "logs" }))];
    expect(formatSteps(steps)).toEqual([
      "destructive",
      "Payments → hub currently shares types that cannot be read, and will share logs: connection id-member-hub will be adopted from resource all — resource new.",
    ]);
  });

  it("is unchanged if the engine says so, whatever is secret", () => {
    const review = reviewSteps([step.same(createSecretSet())]);
    expect([review.outcome, review.unchanged.map(({ openTypes }) => openTypes), review.complete]).toEqual([
      "none",
      ["unknown", "unknown"],
      true,
    ]);
  });
});

describe("a single connection with a secret", () => {
  it("destination keeps it when it is updated", () => {
    const before = edit(hub, {
      outputs: { sinkOrgId: SECRET },
      inputs: { ...hub.inputs, sinkOrgId: SECRET },
    });
    const after = { ...before, inputs: { ...before.inputs, connectionTypes: ["audit", "logs"] } };
    expect(formatSteps([step.update(before, after)])).toEqual([
      "changes",
      "Payments → hub starts sharing audit, and continues to share logs — resource to-hub.",
    ]);
  });

  it("list of types may lose some of them", () => {
    const before = edit(hub, { outputs: { connectionTypes: SECRET } });
    expect(reviewSteps([step.update(before, hub)]).outcome).toBe("destructive");
    expect(
      reviewSteps([step.update(before, { ...hub, inputs: { ...hub.inputs, connectionTypes: undefined } })])
        .outcome,
    ).toBe("changes");
  });

  it("source does not belong to the default organization", () => {
    const before = edit(hub, { outputs: { source: { x: 1 }, sourceOrgName: "Payments" } });
    const { changes } = reviewSteps([step.delete(before)], {
      state: [before, createSingle("other", "search", "logs", { outputs: { sinkOrgId: getId("search") } })],
    });
    expect(changes[0]?.before?.source.isDefault).toBeUndefined();
  });
});

describe("a resource that cannot be read", () => {
  it.each<[string, StepTuple[]]>([
    ["deleted", [step.delete(hidden)]],
    [
      "replaced",
      [step.replace(hidden, edit(all, { inputs: { ...(all["inputs"] as object), source: "other" } }))],
    ],
    ["updated", [step.update(hidden, createSet({ hub: "logs" }))]],
    ["deleted without an id", [step.delete({ ...hub, id: undefined })]],
  ])("%s: it may stop sharing", (_, steps) => {
    const review = reviewSteps(steps);
    expect(review.outcome).toBe("destructive");
    expect(formatReview(review).join("\n")).toContain(CANNOT);
    expect(review.warnings.map(({ code }) => code)).toContain("unreadable");
  });

  it("deleted by a step without a state: its URN is enough", () => {
    for (const kind of ["", "Set"]) {
      const steps = [{ op: "delete", urn: formatUrn("x", kind), oldState: null, newState: null }];
      const { outcome, changes } = createReview({
        previews: [parsePreview(JSON.stringify({ steps }), "preview")],
      });
      expect([outcome, changes.map(({ isUnreadable }) => isUnreadable)]).toEqual(["destructive", [true]]);
    }
  });

  it("with retainOnDelete is only released", () => {
    expect(reviewSteps([step.delete(edit(hidden, { retainOnDelete: true }))]).outcome).toBe("changes");
  });

  it("created from unreadable inputs may share anything with any organization", () => {
    for (const connections of [SECRET, undefined, 3, ["x"]]) {
      const next = edit(all, { inputs: { source: "payments", connections } });
      const review = reviewSteps([step.create(next)], { policy: { allow: [{ sink: "hub" }] } });
      expect(review.outcome).toBe("violation");
      expect(review.changes).toMatchObject([
        { kind: "create", destinationsUnknown: true, after: { openTypes: "unknown" } },
      ]);
    }
  });

  it("updated: each declared connection counts as new", () => {
    const { changes } = reviewSteps([step.update(hidden, createSet({ hub: "audit" }))]);
    expect(changes).toMatchObject([
      { kind: "update", addedTypes: ["audit"] },
      { kind: "update", isUnreadable: true },
    ]);
    const policy: Policy = { allow: [{ types: ["logs"] }] };
    expect(reviewSteps([step.update(hidden, createSet({ hub: "audit" }))], { policy }).outcome).toBe(
      "violation",
    );
    expect(reviewSteps([step.update(hidden, createSet({ hub: "logs" }))], { policy }).outcome).toBe(
      "destructive",
    );
  });

  it("that is unchanged is named, and the report is incomplete", () => {
    for (const review of [
      reviewSteps([step.same(hidden)]),
      reviewSteps([step.refresh(hidden, hidden)]),
      reviewSteps([], { state: [hidden] }),
    ]) {
      expect([review.outcome, review.complete]).toEqual(["none", false]);
      expect(review.unreadable).toMatchObject([{ name: "all", form: "set" }]);
    }
    expect(reviewSteps([step.delete(hidden)], { state: [hidden] }).unreadable).toEqual([]);
  });

  it("that an interrupted replacement left behind is deleted", () => {
    const left = edit(hidden, { delete: true });
    const review = reviewSteps([], { state: [left] });
    expect([review.outcome, formatReview(review)[1]]).toEqual([
      "destructive",
      expect.stringContaining(CANNOT),
    ]);
  });
});

describe("undeclared connections of an exclusive set", () => {
  const before = createSet({ hub: "logs" }, { undeclared: { search: "audit" }, inputs: { exclusive: true } });

  it("are deleted if `exclusive` is a secret", () => {
    const next = createSet({ hub: "logs" }, { inputs: { exclusive: SECRET } });
    expect(reviewSteps([step.update(before, next)]).changes.map(({ kind }) => kind)).toContain("delete");
  });

  it.each([
    ["a preview", SECRET],
    // The name of the property that marks a secret. test/repository/files.test.ts would take the whole name for an API key.
    ["a state", { [["4dabf18193072939", "515e22adb298388d"].join("")]: "x", ciphertext: "y" }],
  ])("that are a secret in %s may be deleted", (_, secret) => {
    const state = edit(before, { outputs: { undeclared: secret } });
    const review = reviewSteps([step.update(state, before)]);
    expect([review.outcome, formatReview(review).join("\n")]).toEqual([
      "destructive",
      expect.stringContaining(CANNOT),
    ]);
  });
});

describe("the count of destinations", () => {
  const policy: Policy = { maxDestinations: [{ max: 2 }] };
  const more: StepTuple = step.create(createSingle("more", "security", "logs"));
  const listViolations = (...args: Parameters<typeof reviewSteps>) =>
    reviewSteps(...args).violations.map(({ sentence }) => toPlainText(sentence));

  it.each<[string, Parameters<typeof reviewSteps>]>([
    ["a set with secret connections", [[step.create(createSecretSet())], { policy }]],
    ["a resource that cannot be read", [[more], { policy, state: [hidden] }]],
    [
      "a source with a secret name",
      [[step.create(edit(hub, { inputs: { ...hub.inputs, source: SECRET } }))], { policy }],
    ],
  ])("the destinations of %s are unknown, so the rule is violated", (_, args) => {
    expect(listViolations(...args)).toEqual([
      expect.stringMatching(
        /at least 1 destination; .* because the sources or destinations of .* are unknown/,
      ),
    ]);
  });

  it("the destinations of another source do not matter", () => {
    const other = edit(hidden, { outputs: { sourceOrgId: getId("search"), source: "other" } });
    expect(listViolations([more], { policy, state: [other] })).toEqual([]);
  });
});
