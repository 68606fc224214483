/** References (`OrgConnection.get`) in the events of an engine that does not mark them as `external`. */
import { expect, test } from "vitest";
import { parsePreview } from "../../../cli/src/stack/preview.js";
import { createReview } from "../../../cli/src/commands/review/review.js";
import { createSingle, formatReview } from "./steps.js";

const hub = createSingle("to-hub", "hub", "logs");
const other = { ...createSingle("to-hub", "search", "audit"), id: "id-other" };
type Resource = typeof hub;

/** Reviews the steps of a preview after a refresh that finds no change. */
function reviewEvents(refreshed: Resource, ...steps: [op: string, old?: Resource, next?: Resource][]) {
  const format = (op: string, old?: Resource, next?: Resource) => ({
    metadata: { op, urn: hub.urn, old, new: next },
  });
  const lines = [
    { resourcePreEvent: format("refresh", refreshed, refreshed) },
    { resOutputsEvent: format("same", refreshed, refreshed) },
    ...steps.map((step) => ({ resourcePreEvent: format(...step) })),
    { summaryEvent: {} },
  ];
  const text = lines.map((event, sequence) => JSON.stringify({ sequence, ...event })).join("\n");
  return createReview({ previews: [parsePreview(text, "preview")] });
}

test("a reference that stays one is not a connection of the stack", () => {
  const { changes, unchanged } = reviewEvents(hub, ["read", hub, hub]);
  expect([changes, unchanged]).toEqual([[], []]);
});

test("a reference that leaves the program is not a connection of the stack", () => {
  const { changes, unchanged } = reviewEvents(hub, ["discard", hub]);
  expect([changes, unchanged]).toEqual([[], []]);
});

test("a resource that becomes a reference to another connection is deleted, and nothing is created", () => {
  const [outcome, ...sentences] = formatReview(
    reviewEvents(hub, ["read-replacement", hub, other], ["replace", hub, other], ["delete-replaced", hub]),
  );
  expect([outcome, sentences]).toEqual([
    "destructive",
    [expect.stringContaining("id-to-hub will be deleted because the resource becomes a reference")],
  ]);
});

test("a resource that becomes a reference is deleted, although the engine marks it like a leftover", () => {
  const marked = { ...hub, delete: true };
  const { changes, warnings } = reviewEvents(
    hub,
    ["read-replacement", hub, other],
    ["replace", marked, other],
    ["delete-replaced", marked],
  );
  expect(changes).toMatchObject([{ kind: "delete", because: "reference" }]);
  expect([changes[0]?.retainedBy, warnings]).toEqual([undefined, []]);
});

test("a reference that becomes a resource deletes nothing", () => {
  const next = { ...other, id: "" };
  const { changes } = reviewEvents(
    hub,
    ["create-replacement", hub, next],
    ["replace", hub, next],
    ["discard-replaced", hub],
  );
  expect(changes).toMatchObject([{ kind: "create", removedTypes: [] }]);
});

test("the deletion of a resource is not hidden by a reference that was left behind", () => {
  const { changes } = reviewEvents(hub, ["discard-replaced", { ...other, delete: true }], ["delete", hub]);
  expect(changes).toMatchObject([{ kind: "delete", connectionId: hub.id }]);
});
