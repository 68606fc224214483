import { describe, expect, it } from "vitest";
import { OrganizationDirectory } from "../../../cli/src/changes/organization-directory.js";
import { toPlainText } from "../../../cli/src/changes/rich-text.js";
import {
  UNKNOWN,
  createSet,
  createSingle,
  formatReview,
  formatUrn,
  getId,
  reviewSteps,
  step,
} from "./steps.js";

const hub = createSingle("to-hub", "hub", "logs, metrics");
const RETAINED = { retainOnDelete: true };

describe("what a preview does to a connection", () => {
  it("deletes it, or only removes it from the stack", () => {
    expect(formatReview(reviewSteps([step.delete(hub)]))).toEqual([
      "destructive",
      "Payments → hub stops sharing logs and metrics: connection id-to-hub will be deleted — resource to-hub.",
    ]);
    expect(formatReview(reviewSteps([step.delete({ ...hub, ...RETAINED })]))).toEqual([
      "changes",
      "Payments → hub continues to share logs and metrics but leaves this stack: connection id-to-hub will not be deleted (retainOnDelete) and will no longer be managed — resource to-hub.",
    ]);
  });

  it("a set that stays deletes what it no longer declares, even with retainOnDelete", () => {
    const before = createSet({ hub: "logs", search: "logs" }, RETAINED);
    expect(formatReview(reviewSteps([step.update(before, createSet({ hub: "logs" }, RETAINED))]))).toEqual([
      "destructive",
      "Payments → search stops sharing logs: connection id-member-search will be deleted — connection set all.",
    ]);
  });

  it("replaces it: without a gap by another destination, with a gap by the same pair", () => {
    const [other] = reviewSteps([step.replace(hub, createSingle("to-hub", "search", "logs"))]).changes;
    expect(other).toMatchObject({ kind: "replace", addedTypes: ["logs"], removedTypes: ["logs", "metrics"] });
    expect(other?.gap).toBeUndefined();
    const [same] = reviewSteps([
      step.deleteReplaced(hub),
      step.replace({ ...hub, pendingReplacement: true }, createSingle("to-hub", "hub", "logs, metrics")),
    ]).changes;
    expect(same).toMatchObject({
      kind: "replace",
      addedTypes: [],
      removedTypes: [],
      gap: true,
      deleteFirst: true,
    });
  });

  it("types that are secret or not yet known are not shown, and may remove something", () => {
    for (const value of ["[secret]", UNKNOWN, ["[secret]"], [UNKNOWN]]) {
      const declared = createSingle("to-hub", "hub", "", {
        inputs: { ...hub.inputs, connectionTypes: value },
      });
      const review = reviewSteps([step.update(hub, declared)]);
      expect(formatReview(review)).toEqual([
        "destructive",
        "Payments → hub currently shares logs and metrics, and will share types that are not shown — resource to-hub.",
      ]);
      expect(review.warnings.map(({ code }) => code)).toEqual(["unknown-values"]);
    }
  });

  it("a set with unknown destinations may delete each of its members", () => {
    const declared = createSet({}, { inputs: { connections: UNKNOWN } });
    const { changes, outcome } = reviewSteps([
      step.update(createSet({ hub: "logs", search: "logs" }), declared),
    ]);
    expect(outcome).toBe("destructive");
    expect(changes.map(({ kind, destinationsUnknown }) => [kind, destinationsUnknown])).toEqual([
      ["update", true],
      ["update", true],
      ["create", true],
    ]);
  });

  it("undeclared connections are deleted only if the set is exclusive", () => {
    const undeclared = { undeclared: { search: "audit" } };
    const exclusive = { inputs: { exclusive: true } };
    const expected = [
      "destructive",
      `Payments → ${getId("search")} stops sharing audit: connection id-undeclared-search will be deleted because the exclusive set does not declare it — connection set all.`,
    ];
    const before = createSet({ hub: "logs" }, { ...undeclared, ...exclusive });
    expect(formatReview(reviewSteps([step.update(before, createSet({ hub: "logs" }, exclusive))]))).toEqual(
      expected,
    );
    expect(
      reviewSteps([step.update(before, createSet({ hub: "logs" }))]).changes.map(({ kind }) => kind),
    ).toEqual(["state-only"]);
  });

  it("what an interrupted replacement left behind is deleted", () => {
    const review = reviewSteps([step.delete({ ...hub, id: "old", delete: true }), step.same(hub)]);
    expect(formatReview(review)).toEqual([
      "destructive",
      "Payments → hub stops sharing logs and metrics: connection old will be deleted because an interrupted replacement left it behind — resource to-hub.",
    ]);
  });

  it("an exclusive set that an interrupted replacement left behind deletes only its members", () => {
    const leftover = createSet({ hub: "logs" }, { undeclared: { search: "logs" }, delete: true });
    for (const review of [
      reviewSteps([step.deleteReplaced(leftover)]),
      reviewSteps([], { state: [leftover] }),
    ]) {
      expect(review.changes).toMatchObject([{ because: "leftover", connectionId: "id-member-hub" }]);
    }
  });

  it("what an interrupted replacement left behind stays live and leaves the stack, with retainOnDelete", () => {
    const old = { ...hub, id: "old", delete: true, retainOnDelete: true };
    for (const review of [
      reviewSteps([step.same(hub)], { state: [hub, old] }),
      reviewSteps([step.delete(old)]),
    ]) {
      expect(review.changes).toMatchObject([
        { because: "leftover", removedTypes: [], after: { connectionTypes: ["logs", "metrics"] } },
      ]);
      expect(formatReview(review)).toEqual([
        "changes",
        "Payments → hub continues to share logs and metrics but leaves this stack: connection old will not be deleted (retainOnDelete) and will no longer be managed — resource to-hub.",
      ]);
    }
  });

  it("what an interrupted replacement left behind and cannot be read leaves the stack, with retainOnDelete", () => {
    const old = { ...createSet({}), outputs: {}, delete: true, retainOnDelete: true };
    expect(formatReview(reviewSteps([step.delete(old)]))).toEqual([
      "changes",
      "An old version of connection set all leaves this stack and nothing will be deleted (retainOnDelete). What it shares cannot be read and will no longer be managed.",
    ]);
  });

  it("a reference (OrgConnection.get) is ignored", () => {
    expect(formatReview(reviewSteps([["read", undefined, { ...hub, external: true }]]))).toEqual(["none"]);
    expect(formatReview(reviewSteps([step.delete({ ...hub, external: true })]))).toEqual(["none"]);
  });
});

describe("drift that a refresh finds", () => {
  it("that the program undoes is reported with what was changed", () => {
    const found = createSingle("to-hub", "hub", "audit, logs");
    const review = reviewSteps([step.refresh(hub, found), step.update(found, hub)]);
    expect(formatReview(review)).toEqual([
      "destructive",
      "Payments → hub stops sharing audit, starts sharing metrics, and continues to share logs: drift will be corrected, because someone added audit and removed metrics outside this program — resource to-hub.",
    ]);
  });

  it("a connection that is gone is recreated, and does not count as unchanged", () => {
    const review = reviewSteps([step.refresh(hub), step.create(hub)], { state: [hub] });
    expect(review.changes.map(({ kind, drift }) => [kind, drift?.gone])).toEqual([["drift", true]]);
    expect(review.unchanged).toEqual([]);
  });

  it("a connection that is gone is not unchanged for another resource either", () => {
    const other = { ...createSingle("other", "hub", "logs, metrics"), id: hub.id };
    const review = reviewSteps([step.refresh(hub), step.create(hub)], { state: [hub, other] });
    expect(review.unchanged).toEqual([]);
  });

  it("a failed preview reports nothing as unchanged", () => {
    const search = createSingle("to-search", "search", "logs");
    const steps = [step.update(hub, createSingle("to-hub", "hub", "logs"))] as Parameters<
      typeof reviewSteps
    >[0];
    expect(reviewSteps(steps, { state: [hub, search] }).unchanged).toHaveLength(1);
    const failed = reviewSteps(steps, {
      state: [hub, search],
      errors: [
        `error: t resource 'x': property sinkOrgId value {y} has a problem: No.\n    at f (/a.js:1)\nGo on.`,
      ],
    });
    expect([failed.outcome, failed.unchanged, failed.complete]).toEqual(["failed", [], false]);
    expect(failed.errors).toEqual(["x: No. Go on."]);
  });
});

describe("one resource gives a connection up, and another resource declares its pair", () => {
  const adopting = createSingle("new", "hub", "logs, metrics", {
    inputs: { ...hub.inputs, adopt: true },
  });

  it("with adopt it is adopted, and nothing is deleted", () => {
    expect(formatReview(reviewSteps([step.create(adopting), step.delete(hub)]))).toEqual([
      "changes",
      "Payments → hub continues to share logs and metrics: connection id-to-hub will be adopted from resource to-hub — resource new.",
    ]);
  });

  it("without adopt the up will fail", () => {
    const review = reviewSteps([step.create(createSingle("new", "hub", "logs, metrics")), step.delete(hub)]);
    expect(review.warnings.map(({ code }) => code)).toEqual(["pair-exists"]);
  });

  it.each<[string, string[], string]>([
    ["may delete it first", [], "destructive"],
    ["deletes it later if it depends on the other one", [formatUrn("new")], "changes"],
  ])("a set that stays %s", (_, dependencies, outcome) => {
    const before = createSet({ hub: "logs, metrics", search: "logs" });
    const review = reviewSteps([
      step.create(adopting),
      step.update(before, createSet({ search: "logs" }, { dependencies })),
    ]);
    expect(review.outcome).toBe(outcome);
    expect(review.changes).toMatchObject([
      { kind: "adopt", adoptedFrom: "all", connectionId: "id-member-hub" },
    ]);
    expect(review.warnings.some(({ code }) => code === "may-interrupt")).toBe(outcome === "destructive");
  });

  it("a resource with deleteBeforeReplace may delete it first too", () => {
    const review = reviewSteps([
      step.create(adopting),
      step.deleteReplaced(hub),
      step.replace({ ...hub, pendingReplacement: true }, createSingle("to-hub", "search", "logs")),
    ]);
    expect(review.warnings.map(({ code }) => code)).toEqual(["may-interrupt"]);
  });
});

describe("the creator of an adopted connection, from a lookup", () => {
  const declared = createSingle("new", "hub", "logs", { inputs: { ...hub.inputs, adopt: true } });
  it.each([
    [false, ["creator"], "created by a person, Maria"],
    [undefined, ["creator"], "created by Maria"],
    [true, [], ""],
  ])("a service account: %s", (serviceAccount, codes, sentence) => {
    const directory = new OrganizationDirectory();
    const maria = { id: "user-1", name: "Maria", email: "maria@acme.example" };
    directory.addUser({ ...maria, ...(serviceAccount !== undefined && { serviceAccount }) });
    directory.addConnection({
      id: "live",
      sourceOrgId: getId("payments"),
      sinkOrgId: getId("hub"),
      connectionTypes: ["logs"],
      createdBy: { id: "user-1" },
    });
    const review = reviewSteps([step.create(declared)], { directory });
    expect(review.warnings.map(({ code }) => code).filter((code) => code === "creator")).toEqual(codes);
    expect(review.warnings.map((one) => toPlainText(one.sentence)).join("\n")).toContain(sentence);
    // Anyone may read the report.
    expect(JSON.stringify(review)).not.toContain("@acme.example");
  });
});

describe("how organizations are named", () => {
  it("with the name in Datadog, otherwise in the configuration, otherwise the UUID", () => {
    const named = createSingle("x", "search", "logs", { outputs: {} });
    const unnamed = createSingle("y", "security", "logs", { outputs: {} });
    const [security, search] = formatReview(
      reviewSteps([step.create(named), step.create(unnamed)], {
        state: [createSingle("old", "search", "logs")],
      }),
    ).slice(1);
    expect(search).toContain("Payments → search starts");
    expect(security).toContain(`Payments → ${getId("security")} starts`);
  });
});

describe("a create of a pair that has a connection, without `adopt`", () => {
  const create = (connectionTypes: unknown, openTypes?: "unknown") => {
    const directory = new OrganizationDirectory({ hasLookup: true });
    const ends = { sourceOrgId: getId("payments"), sinkOrgId: getId("hub") };
    directory.addConnection({ id: "live", ...ends, connectionTypes: ["logs"], openTypes });
    const next = { ...hub, inputs: { ...hub.inputs, connectionTypes } };
    return formatReview(reviewSteps([step.create(next)], { directory }));
  };
  const ADOPTED =
    "; a run with DATADOG_ORG_CONNECTIONS_ADOPT=true adopts it and may stop sharing some of its types";

  it.each<[string, ...Parameters<typeof create>]>([
    ["that the preview does not show", "[secret]"],
    ["that cannot be read", ["logs"], "unknown"],
  ])("may stop sharing types %s, because a setting adopts the connection", (_, ...types) => {
    const [outcome, sentence] = create(...types);
    expect([outcome, sentence]).toEqual(["destructive", expect.stringContaining(ADOPTED)]);
  });

  it("stops nothing if the types are unspecified, or if all that the connection shares is declared", () => {
    for (const types of [undefined, ["logs", "metrics"]]) expect(create(types)[0]).toBe("changes");
  });
});
