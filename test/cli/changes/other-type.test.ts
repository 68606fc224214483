/** An alias that turns a connection into a resource of another type. */
import { expect, it } from "vitest";
import { createSingle, formatReview, reviewSteps, step, type StepTuple } from "./steps.js";

const hub = createSingle("hub", "hub", "logs");
const other = { ...hub, type: "other:index:Thing", urn: "urn:pulumi:dev::acme::other:index:Thing::hub" };

it.each<[string, StepTuple[]]>([
  ["a digest", [step.replace(hub, other)]],
  [
    "a preview with all steps",
    [step.createReplacement(hub, other), step.replace(hub, other), step.deleteReplaced(hub)],
  ],
])("a replacement deletes the connection: %s", (_, steps) => {
  for (const state of [undefined, [hub]]) {
    const review = reviewSteps(steps, state && { state });
    expect(formatReview(review)).toEqual([
      "destructive",
      expect.stringMatching(
        /stops sharing logs: .* will be deleted because the resource becomes one of another type/,
      ),
    ]);
    expect(review.unchanged).toEqual([]);
  }
});

it.each(["update", "same"])("%s leaves the connection live, and nothing manages it", (op) => {
  const review = reviewSteps([[op, hub, other]], { state: [hub] });
  expect(formatReview(review)).toEqual([
    "changes",
    expect.stringContaining(
      "will not be deleted (its resource becomes one of another type) and will no longer be managed",
    ),
  ]);
});
