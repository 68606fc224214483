import { expect, test } from "vitest";
import type { Change } from "../../../../cli/src/changes/facts.js";
import type { SharedData } from "../../../../cli/src/changes/shared-data.js";
import { createReviewTopology } from "../../../../cli/src/commands/review/appendix.js";
import { createChange } from "../../changes/create-change.js";

const unknown: SharedData = {
  source: { id: "a" },
  sink: { id: "b" },
  connectionTypes: [],
  openTypes: "unknown",
};

test.each<[Change["kind"], string | undefined]>([
  ["release", undefined],
  ["state-only", undefined],
  ["update", "updated"],
  ["replace", "replaced"],
])("of a connection with unknown types after a change of kind %s: %s", (kind, change) => {
  const { connections } = createReviewTopology([createChange(kind, { before: unknown, after: unknown })], []);
  expect(connections).toMatchObject([{ connectionTypes: ["unknown types"] }]);
  expect(connections[0]?.change).toBe(change);
});

test("an update of a resource that cannot be read is no deletion", () => {
  const { connections } = createReviewTopology([createChange("update", { before: unknown })], []);
  expect(connections.map(({ change }) => change)).toEqual(["updated"]);
});
