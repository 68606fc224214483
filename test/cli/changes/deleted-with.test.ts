/** The option `deletedWith`: no request deletes a connection that leaves the stack together with that resource. */
import { describe, expect, it } from "vitest";
import { createSingle, formatReview, reviewSteps, step, type StepTuple } from "./steps.js";

const other = {
  urn: "urn:pulumi:dev::acme::datadog:index/childOrganization:ChildOrganization::payments",
  type: "datadog:index/childOrganization:ChildOrganization",
  id: "payments",
};
const hub = createSingle("hub", "hub", "logs", { deletedWith: other.urn });
const search = createSingle("search", "search", "logs");
const keep: StepTuple = step.same(search);

describe("a connection with deletedWith", () => {
  it("stays live if it leaves the stack together with that resource", () => {
    expect(formatReview(reviewSteps([keep, step.delete(hub), step.delete(other)]))).toEqual([
      "changes",
      "Payments → hub continues to share logs but leaves this stack: connection id-hub will not be deleted (deletedWith) and will no longer be managed — resource hub.",
    ]);
  });

  it("stays live if it is replaced while that resource is deleted", () => {
    const next = createSingle("hub", "security", "logs", { id: undefined, outputs: undefined });
    const review = reviewSteps([
      step.createReplacement(hub, next),
      step.replace(hub, next),
      step.deleteReplaced(hub),
      step.delete(other),
    ]);
    expect(review.changes).toMatchObject([
      { kind: "create" },
      { kind: "release", connectionId: "id-hub", because: "deletedWith" },
    ]);
  });

  it.each<[string, StepTuple[]]>([
    ["that resource stays", [step.same(other), keep, step.delete(hub)]],
    // A digest shows what the refresh found gone as a deletion, before the steps of the program.
    ["the refresh finds that resource gone", [step.delete(other), keep, step.delete(hub)]],
  ])("is deleted if %s", (_, steps) => {
    expect(reviewSteps(steps).changes).toMatchObject([{ kind: "delete", connectionId: "id-hub" }]);
  });
});
