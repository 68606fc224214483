/** References (`OrgConnection.get`) in the events of an engine that does not mark them as `external`. */
import { expect, test } from "vitest";
import { createSingle, formatReview, reviewEvents } from "./steps.js";

const hub = createSingle("to-hub", "hub", "logs");
const other = { ...createSingle("to-hub", "search", "audit"), id: "id-other" };
type Resource = typeof hub;

/** Reviews the steps of a preview after a refresh that finds no change. */
function review(refreshed: Resource, ...steps: [op: string, old?: Resource, next?: Resource | undefined][]) {
  const format = (op: string, old?: Resource, next?: Resource) => ({
    metadata: { op, urn: hub.urn, old, new: next },
  });
  return reviewEvents([
    { resourcePreEvent: format("refresh", refreshed, refreshed) },
    { resOutputsEvent: format("same", refreshed, refreshed) },
    ...steps.map((step) => ({ resourcePreEvent: format(...step) })),
  ]);
}

test.each<[string, Resource?]>([["read", hub], ["discard"]])(
  "a reference is not a connection of the stack, whether it stays or leaves the program: %s",
  (op, next) => {
    const { changes, unchanged } = review(hub, [op, hub, next]);
    expect([changes, unchanged]).toEqual([[], []]);
  },
);

test("a resource that becomes a reference to another connection is deleted, and nothing is created", () => {
  const [outcome, ...sentences] = formatReview(
    review(hub, ["read-replacement", hub, other], ["replace", hub, other], ["delete-replaced", hub]),
  );
  expect([outcome, sentences]).toEqual([
    "destructive",
    [expect.stringContaining("id-to-hub will be deleted because the resource becomes a reference")],
  ]);
});

test("a resource that becomes a reference is deleted, although the engine marks it like a leftover", () => {
  const marked = { ...hub, delete: true };
  const { changes, warnings } = review(
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
  const { changes } = review(
    hub,
    ["create-replacement", hub, next],
    ["replace", hub, next],
    ["discard-replaced", hub],
  );
  expect(changes).toMatchObject([{ kind: "create", removedTypes: [] }]);
});

test("the deletion of a resource is not hidden by a reference that was left behind", () => {
  const { changes } = review(hub, ["discard-replaced", { ...other, delete: true }], ["delete", hub]);
  expect(changes).toMatchObject([{ kind: "delete", connectionId: hub.id }]);
});
