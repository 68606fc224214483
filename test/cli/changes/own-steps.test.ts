/** Steps that once passed for no change at all. */
import { describe, expect, test } from "vitest";
import { reviewSteps, single, told, type StepOf } from "./steps.js";

const hub = single("to-hub", "hub", "logs");
const viewOf = (sink: string) => ({ ...single("to-hub", sink, "logs"), external: true });
const sentences = (...steps: StepOf[]) => told(reviewSteps(steps));

describe("a resource that becomes a view (OrgConnection.get)", () => {
  test("of its own connection is given up, and nothing is ended", () => {
    expect(sentences(["read", hub, viewOf("hub")])).toEqual([
      "changes",
      "Payments → hub goes on sharing logs, but leaves this stack: connection id-to-hub is not ended (the program only reads it, by OrgConnection.get), and nothing manages it any more — resource to-hub.",
    ]);
  });

  test.each<[string, StepOf[]]>([
    ["told in one step", [["replace", hub, viewOf("search")]]],
    [
      "told in several steps",
      [
        ["read-replacement", hub, viewOf("search")],
        ["replace", hub, viewOf("search")],
        ["delete-replaced", hub],
      ],
    ],
  ])("of another connection ends its own: %s", (_, steps) => {
    expect(sentences(...steps)).toEqual([
      "destructive",
      "Payments → hub stops sharing logs: connection id-to-hub is ended, since the program only reads another one in its place (OrgConnection.get) — resource to-hub.",
    ]);
  });
});

test("a view that becomes a resource begins to share", () => {
  const [outcome, sentence, ...more] = sentences(
    ["discard-replaced", viewOf("search"), hub],
    ["create-replacement", viewOf("search"), hub],
  );
  expect([outcome, more]).toEqual(["changes", []]);
  expect(sentence).toContain("begins to share logs");
});

test.each(["read", "refresh", "same"])("a view that stays one is nothing of the stack's: %s", (op) => {
  expect(sentences([op, viewOf("hub"), viewOf("hub")])).toEqual(["none"]);
});

test("what the engine imports is new to the stack, and one that it imports in the place of another ends that", () => {
  const [outcome, sentence] = sentences(["import", undefined, hub]);
  expect([outcome, sentence]).toEqual(["changes", expect.stringContaining("begins to share logs")]);
  const [replaced] = sentences(["import-replacement", hub, single("to-hub", "search", "logs")]);
  expect(replaced).toBe("destructive");
});

test.each<StepOf>([
  ["read-replacement", hub, viewOf("search")],
  ["discard-replaced", viewOf("search"), hub],
])("the engine's step %s is told by another one as well", (...step) => {
  expect(sentences(step)).toEqual(["none"]);
});
