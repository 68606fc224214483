import { describe, expect, it } from "vitest";
import { plain } from "../../../cli/src/changes/phrase.js";
import { reviewSteps, set, single, told, urnOf } from "./steps.js";

const held = { id: "id-member-hub" };
const hub = { ...single("to-hub", "hub", "logs"), ...held };
const all = set({ hub: "logs" });
const twin = { ...single("twin", "hub", "logs"), ...held };
const warnings = (review: ReturnType<typeof reviewSteps>) =>
  review.warnings.filter(({ code }) => code === "two-owners").map(({ sentence }) => plain(sentence));

describe("two owners of one connection", () => {
  it("are told, also where nothing changes", () => {
    const review = reviewSteps([], { state: [hub, all] });
    expect(review.outcome).toBe("none");
    expect(warnings(review)).toEqual([
      expect.stringMatching(/^all and to-hub both hold connection id-member-hub \(Payments → hub\)/),
    ]);
  });

  it("of which one ends it: the other one is named, by the state or by the preview", () => {
    for (const review of [
      reviewSteps([["delete", hub]], { state: [hub, all] }),
      reviewSteps([
        ["delete", hub],
        ["same", all, all],
      ]),
      reviewSteps([
        ["delete", { ...hub, id: "ID-MEMBER-HUB" }],
        ["same", all, all],
      ]),
    ]) {
      expect(review.outcome).toBe("destructive");
      expect(review.changes[0]?.keptBy).toEqual(["all"]);
      expect(told(review)[1]).toMatch(
        /is ended.*all holds it too, so a run without --target leaves it alone — resource to-hub/,
      );
      expect(warnings(review)).toHaveLength(1);
    }
  });

  it("of which a set ends its member, and of which one is replaced", () => {
    const ended = reviewSteps([["update", all, set({})]], { state: [hub, all] });
    expect(ended.changes).toMatchObject([{ kind: "delete", keptBy: ["to-hub"] }]);
    const replaced = reviewSteps([["replace", hub, single("to-hub", "search", "logs")]], {
      state: [hub, all],
    });
    expect(replaced.changes).toMatchObject([{ kind: "replace", keptBy: ["all"] }]);
  });

  it("who both end it are none that keep it", () => {
    const { changes } = reviewSteps([
      ["delete", hub],
      ["delete", twin],
    ]);
    expect(changes.map(({ keptBy }) => keptBy)).toEqual([undefined, undefined]);
  });

  it("one that adopts what another one gives up is no second owner", () => {
    const adopting = single("new", "hub", "logs", { inputs: { ...hub.inputs, adopt: true } });
    expect(
      warnings(
        reviewSteps(
          [
            ["create", undefined, adopting],
            ["delete", hub],
          ],
          { state: [hub] },
        ),
      ),
    ).toEqual([]);
  });

  it("a resource that was renamed is no second one of itself", () => {
    const wanted = { ...hub, urn: urnOf("renamed") };
    expect(warnings(reviewSteps([["update", hub, wanted]], { state: [hub] }))).toEqual([]);
  });

  it("what a replacement ends is no second owner, though the engine marks it as left behind", () => {
    const old = { ...hub, delete: true };
    const steps: Parameters<typeof reviewSteps>[0] = [
      ["create-replacement", hub, single("to-hub", "search", "logs")],
      ["replace", old, single("to-hub", "search", "logs")],
      ["delete-replaced", old],
    ];
    const review = reviewSteps(steps, { state: [hub] });
    expect([warnings(review), review.changes[0]?.keptBy]).toEqual([[], undefined]);
  });

  it("what an interrupted replacement has left behind counts as one", () => {
    const review = reviewSteps([], { state: [hub, { ...hub, delete: true }] });
    expect(review.outcome).toBe("destructive");
    expect(review.changes).toMatchObject([{ because: "leftover", keptBy: ["to-hub"] }]);
    expect(warnings(review)).toHaveLength(1);
  });
});
