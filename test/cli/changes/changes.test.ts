import { describe, expect, it } from "vitest";
import { Known } from "../../../cli/src/changes/known.js";
import { plain } from "../../../cli/src/changes/phrase.js";
import { idOf, reviewSteps, set, single, told, UNKNOWN, urnOf } from "./steps.js";

const hub = single("to-hub", "hub", "logs, metrics");
const KEPT = { retainOnDelete: true };

describe("what a preview does to a connection", () => {
  it("ends it, or only leaves the stack", () => {
    expect(told(reviewSteps([["delete", hub]]))).toEqual([
      "destructive",
      "Payments → hub stops sharing logs and metrics: connection id-to-hub is ended — resource to-hub.",
    ]);
    expect(told(reviewSteps([["delete", { ...hub, ...KEPT }]]))).toEqual([
      "changes",
      "Payments → hub goes on sharing logs and metrics, but leaves this stack: connection id-to-hub is not ended (retainOnDelete), and nothing manages it any more — resource to-hub.",
    ]);
  });

  it("a set that stays ends what it no longer declares, even with retainOnDelete", () => {
    const before = set({ hub: "logs", search: "logs" }, KEPT);
    expect(told(reviewSteps([["update", before, set({ hub: "logs" }, KEPT)]]))).toEqual([
      "destructive",
      "Payments → search stops sharing logs: connection id-member-search is ended — set all.",
    ]);
  });

  it("replaces it: by another destination without a gap, by the same pair with one", () => {
    const [other] = reviewSteps([["replace", hub, single("to-hub", "search", "logs")]]).changes;
    expect(other).toMatchObject({ kind: "replace", gained: ["logs"], lost: ["logs", "metrics"] });
    expect(other?.gap).toBeUndefined();
    const [same] = reviewSteps([
      ["delete-replaced", hub],
      ["replace", { ...hub, pendingReplacement: true }, single("to-hub", "hub", "logs, metrics")],
    ]).changes;
    expect(same).toMatchObject({ kind: "replace", gained: [], lost: [], gap: true, deleteFirst: true });
  });

  it("types that are a secret, or not known, are not told, and may take something away", () => {
    for (const value of ["[secret]", UNKNOWN, ["[secret]"], [UNKNOWN]]) {
      const wanted = single("to-hub", "hub", "", { inputs: { ...hub.inputs, connectionTypes: value } });
      const review = reviewSteps([["update", hub, wanted]]);
      expect(told(review)).toEqual([
        "destructive",
        "Payments → hub shares logs and metrics now, and then what the preview does not tell — resource to-hub.",
      ]);
      expect(review.warnings.map(({ code }) => code)).toEqual(["not-told"]);
    }
  });

  it("a set whose destinations are not known may end each of its members", () => {
    const wanted = set({}, { inputs: { connections: UNKNOWN } });
    const { changes, outcome } = reviewSteps([["update", set({ hub: "logs", search: "logs" }), wanted]]);
    expect(outcome).toBe("destructive");
    expect(changes.map(({ kind, isOpen }) => [kind, isOpen])).toEqual([
      ["update", true],
      ["update", true],
      ["create", true],
    ]);
  });

  it("strangers end when the set is exclusive, and only then", () => {
    const strangers = { strangers: { search: "audit" } };
    const exclusive = { inputs: { exclusive: true } };
    const ends = [
      "destructive",
      `Payments → ${idOf("search")} stops sharing audit: connection id-stranger-search is ended, which the exclusive set does not declare — set all.`,
    ];
    const before = set({ hub: "logs" }, { ...strangers, ...exclusive });
    expect(told(reviewSteps([["update", before, set({ hub: "logs" }, exclusive)]]))).toEqual(ends);
    expect(reviewSteps([["update", before, set({ hub: "logs" })]]).changes.map(({ kind }) => kind)).toEqual([
      "record",
    ]);
  });

  it("what an interrupted replacement has left behind is ended", () => {
    const review = reviewSteps([
      ["delete", { ...hub, id: "old", delete: true }],
      ["same", hub, hub],
    ]);
    expect(told(review)).toEqual([
      "destructive",
      "Payments → hub stops sharing logs and metrics: connection old is ended, which an interrupted replacement has left behind — resource to-hub.",
    ]);
  });

  it("a view is no part of it", () => {
    expect(told(reviewSteps([["read", undefined, { ...hub, external: true }]]))).toEqual(["none"]);
    expect(told(reviewSteps([["delete", { ...hub, external: true }]]))).toEqual(["none"]);
  });
});

describe("drift, seen by a refresh", () => {
  it("that the program undoes is told with what somebody did", () => {
    const found = single("to-hub", "hub", "audit, logs");
    const review = reviewSteps([
      ["refresh", hub, found],
      ["update", found, hub],
    ]);
    expect(told(review)).toEqual([
      "destructive",
      "Payments → hub stops sharing audit and begins to share metrics, and goes on sharing logs: drift is undone, since somebody added audit and took metrics away outside this program — resource to-hub.",
    ]);
  });

  it("of a connection that is gone: it is made anew, and not counted as one that stays", () => {
    const review = reviewSteps(
      [
        ["refresh", hub],
        ["create", undefined, hub],
      ],
      { state: [hub] },
    );
    expect(review.changes.map(({ kind, drift }) => [kind, drift?.gone])).toEqual([["drift", true]]);
    expect(review.stays).toEqual([]);
  });

  it("of a connection that is gone: another resource that holds it shares nothing by it either", () => {
    const other = { ...single("other", "hub", "logs, metrics"), id: hub.id };
    const review = reviewSteps(
      [
        ["refresh", hub],
        ["create", undefined, hub],
      ],
      { state: [hub, other] },
    );
    expect(review.stays).toEqual([]);
  });

  it("a preview that failed says of nothing that it stays", () => {
    const search = single("to-search", "search", "logs");
    const steps = [["update", hub, single("to-hub", "hub", "logs")]] as Parameters<typeof reviewSteps>[0];
    expect(reviewSteps(steps, { state: [hub, search] }).stays).toHaveLength(1);
    const failed = reviewSteps(steps, {
      state: [hub, search],
      errors: [
        `error: t resource 'x': property sinkOrgId value {y} has a problem: No.\n    at f (/a.js:1)\nGo on.`,
      ],
    });
    expect([failed.outcome, failed.stays, failed.isWhole]).toEqual(["failed", [], false]);
    expect(failed.errors).toEqual(["x: No. Go on."]);
  });
});

describe("one resource gives a connection up, and another begins with its pair", () => {
  const adopting = single("new", "hub", "logs, metrics", {
    inputs: { ...hub.inputs, adopt: true },
  });

  it("with adopt it is taken over, and nothing ends", () => {
    expect(
      told(
        reviewSteps([
          ["create", undefined, adopting],
          ["delete", hub],
        ]),
      ),
    ).toEqual([
      "changes",
      "Payments → hub goes on sharing logs and metrics: connection id-to-hub is taken over from the resource to-hub — resource new.",
    ]);
  });

  it("without adopt the up will fail", () => {
    const review = reviewSteps([
      ["create", undefined, single("new", "hub", "logs, metrics")],
      ["delete", hub],
    ]);
    expect(review.warnings.map(({ code }) => code)).toEqual(["taken-already"]);
  });

  it.each<[string, string[], string]>([
    ["may end it first", [], "destructive"],
    ["ends it after, when it depends on the other one", [urnOf("new")], "changes"],
  ])("a set that stays %s", (_, dependencies, outcome) => {
    const before = set({ hub: "logs, metrics", search: "logs" });
    const review = reviewSteps([
      ["create", undefined, adopting],
      ["update", before, set({ search: "logs" }, { dependencies })],
    ]);
    expect(review.outcome).toBe(outcome);
    expect(review.changes).toMatchObject([
      { kind: "adopt", takenFrom: "all", connectionId: "id-member-hub" },
    ]);
    expect(review.warnings.some(({ code }) => code === "race")).toBe(outcome === "destructive");
  });

  it("one that deletes before it replaces may end it first, too", () => {
    const review = reviewSteps([
      ["create", undefined, adopting],
      ["delete-replaced", hub],
      ["replace", { ...hub, pendingReplacement: true }, single("to-hub", "search", "logs")],
    ]);
    expect(review.warnings.map(({ code }) => code)).toEqual(["race"]);
  });
});

describe("who made what is taken over, by a look-up", () => {
  const wanted = single("new", "hub", "logs", { inputs: { ...hub.inputs, adopt: true } });
  it.each([
    [false, ["creator"], "made by a person, Maria"],
    [undefined, ["creator"], "made by Maria"],
    [true, [], ""],
  ])("a service account: %s", (serviceAccount, codes, sentence) => {
    const known = new Known();
    const maria = { id: "user-1", name: "Maria", email: "maria@acme.example" };
    known.user({ ...maria, ...(serviceAccount !== undefined && { serviceAccount }) });
    known.connection({
      id: "live",
      sourceOrgId: idOf("payments"),
      sinkOrgId: idOf("hub"),
      connectionTypes: ["logs"],
      createdBy: { id: "user-1" },
    });
    const review = reviewSteps([["create", undefined, wanted]], { known });
    expect(review.warnings.map(({ code }) => code).filter((code) => code === "creator")).toEqual(codes);
    expect(review.warnings.map((one) => plain(one.sentence)).join("\n")).toContain(sentence);
    // The report goes where anybody may read it.
    expect(JSON.stringify(review)).not.toContain("@acme.example");
  });
});

describe("how organizations are called", () => {
  it("by the name at Datadog, else that of the configuration, else the UUID", () => {
    const named = single("x", "search", "logs", { outputs: {} });
    const unnamed = single("y", "security", "logs", { outputs: {} });
    const [security, search] = told(
      reviewSteps(
        [
          ["create", undefined, named],
          ["create", undefined, unnamed],
        ],
        {
          state: [single("old", "search", "logs")],
        },
      ),
    ).slice(1);
    expect(search).toContain("Payments → search begins");
    expect(security).toContain(`Payments → ${idOf("security")} begins`);
  });
});
