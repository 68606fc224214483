import { describe, expect, it } from "vitest";
import { toPlainText } from "../../../cli/src/changes/rich-text.js";
import { describeBreaks } from "../../../cli/src/commands/review/breaks.js";
import { createReviewTopology } from "../../../cli/src/commands/review/appendix.js";
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

const sameId = { id: "id-member-hub" };
const hub = { ...createSingle("to-hub", "hub", "logs"), ...sameId };
const all = createSet({ hub: "logs" });
const other = { ...createSingle("other", "hub", "logs"), ...sameId };
const listWarnings = (review: ReturnType<typeof reviewSteps>) =>
  review.warnings
    .filter(({ code }) => code === "multiple-owners")
    .map(({ sentence }) => toPlainText(sentence));

describe("two owners of one connection", () => {
  it("are reported even if nothing changes", () => {
    const review = reviewSteps([], { state: [hub, all] });
    expect(review.outcome).toBe("none");
    expect(listWarnings(review)).toEqual([
      expect.stringMatching(/^all and to-hub both manage connection id-member-hub \(Payments → hub\)/),
    ]);
    const summaries = review.warnings.map(({ alike }) => toPlainText(alike?.summarize(["them"]) ?? []));
    expect(summaries).toEqual([
      expect.stringMatching(
        /^Several resources manage each of them\..* For each connection, remove all but one of its resources from the state/,
      ),
    ]);
  });

  it("if one deletes it, the other one is named, from the state or from the preview", () => {
    for (const review of [
      reviewSteps([step.delete(hub)], { state: [hub, all] }),
      reviewSteps([step.delete(hub), step.same(all)]),
      reviewSteps([step.delete({ ...hub, id: "ID-MEMBER-HUB" }), step.same(all)]),
    ]) {
      expect(review.outcome).toBe("destructive");
      expect(review.changes[0]?.retainedBy).toEqual(["all"]);
      expect(formatReview(review)[1]).toMatch(
        /will be deleted, unless the run includes all, which also manages it — resource to-hub/,
      );
      expect(listWarnings(review)).toHaveLength(1);
      expect(describeBreaks(review.changes).map(({ sentence }) => toPlainText(sentence))).toEqual([
        "If a run with --target leaves out the other resources that manage a connection, dashboards, notebooks and queries " +
          "of hub lose the data of that connection, and restriction policies that name its ID no longer match.",
      ]);
    }
  });

  it("one of which is a set without the member anymore, or is replaced", () => {
    const deleted = reviewSteps([step.update(all, createSet({}))], { state: [hub, all] });
    expect(deleted.changes).toMatchObject([{ kind: "delete", retainedBy: ["to-hub"] }]);
    const replaced = reviewSteps([step.replace(hub, createSingle("to-hub", "search", "logs"))], {
      state: [hub, all],
    });
    expect(replaced.changes).toMatchObject([{ kind: "replace", retainedBy: ["all"] }]);
    expect(formatReview(replaced)[1]).toContain(
      "; the old connection will not be deleted if the run includes all, which also manages it",
    );
  });

  it("one of which retains what the other one deletes: it counts as unchanged, and as a destination", () => {
    const policy = { maxDestinations: [{ max: 1 }] };
    const more = createSingle("more", "search", "logs");
    for (const [given, ...steps] of [
      [step.delete(hub), step.create(more)],
      [step.replace(hub, createSingle("to-hub", "search", "logs"))],
    ] satisfies [StepTuple, ...StepTuple[]][]) {
      const review = reviewSteps([given, ...steps], { state: [hub, other], policy });
      expect(review.changes[0]?.retainedBy).toEqual(["other"]);
      expect(review.unchanged).toMatchObject([{ sink: { id: getId("hub") } }]);
      expect(review.violations.map(({ sentence }) => toPlainText(sentence))).toEqual([
        "Payments would share with 2 destinations; 1 is allowed.",
      ]);
      const { connections } = createReviewTopology(review.changes, review.unchanged);
      expect(connections.map(({ sinkOrgId, change }) => [sinkOrgId, change])).toEqual([
        [getId("search"), "created"],
        [getId("hub"), undefined],
      ]);
    }
  });

  it("one of which retains it and changes itself: it counts once", () => {
    const changed = { ...createSingle("other", "hub", "audit, logs"), ...sameId };
    const review = reviewSteps([step.delete(hub), step.update(other, changed)], { state: [hub, other] });
    expect(review.changes).toMatchObject([{ kind: "delete", retainedBy: ["other"] }, { kind: "update" }]);
    expect(review.unchanged).toEqual([]);
  });

  it("that both delete it do not retain it", () => {
    const { changes } = reviewSteps([step.delete(hub), step.delete(other)]);
    expect(changes.map(({ retainedBy }) => retainedBy)).toEqual([undefined, undefined]);
  });

  it("do not include a resource that adopts what another one gives up", () => {
    const adopting = createSingle("new", "hub", "logs", { inputs: { ...hub.inputs, adopt: true } });
    expect(listWarnings(reviewSteps([step.create(adopting), step.delete(hub)], { state: [hub] }))).toEqual(
      [],
    );
  });

  it("are not a resource before and after its rename", () => {
    const renamed = { ...hub, urn: formatUrn("renamed") };
    expect(listWarnings(reviewSteps([step.update(hub, renamed)], { state: [hub] }))).toEqual([]);
  });

  it("do not include the old resource of a replacement, although the engine marks it like a leftover", () => {
    const old = { ...hub, delete: true };
    const steps: Parameters<typeof reviewSteps>[0] = [
      step.createReplacement(hub, createSingle("to-hub", "search", "logs")),
      step.replace(old, createSingle("to-hub", "search", "logs")),
      step.deleteReplaced(old),
    ];
    const review = reviewSteps(steps, { state: [hub] });
    expect([listWarnings(review), review.changes[0]?.retainedBy]).toEqual([[], undefined]);
  });

  it("do not include what an interrupted replacement left behind under the former address of a renamed resource", () => {
    const leftover = { ...createSingle("to-hub", "search", "logs"), id: "id-leftover", delete: true };
    const steps: Parameters<typeof reviewSteps>[0] = [
      step.update(hub, { ...hub, urn: formatUrn("renamed") }),
      step.deleteReplaced(leftover),
    ];
    const review = reviewSteps(steps, { state: [hub, leftover] });
    expect(review.changes).toMatchObject([{ because: "leftover", connectionId: "id-leftover" }]);
    expect([listWarnings(review), review.changes[0]?.retainedBy]).toEqual([[], undefined]);
  });

  it("include what an interrupted replacement left behind", () => {
    const review = reviewSteps([], { state: [hub, { ...hub, delete: true }] });
    expect(review.outcome).toBe("destructive");
    expect(review.changes).toMatchObject([{ because: "leftover", retainedBy: ["to-hub"] }]);
    expect(listWarnings(review)).toHaveLength(1);
  });
});
