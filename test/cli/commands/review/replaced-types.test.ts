import { expect, it } from "vitest";
import { toPlainText } from "../../../../cli/src/changes/rich-text.js";
import { compareTypes, UNKNOWN_TYPES } from "../../../../cli/src/changes/shared-data.js";
import { formatOthers } from "../../../../cli/src/commands/review/group-sentences.js";
import { formatChange } from "../../../../cli/src/commands/review/sentences.js";
import type { ConnectionTypes } from "../../../../cli/src/stack/resource-state.js";
import { createChange } from "../../changes/create-change.js";

const PAIR = {
  source: { id: "aaaaaaaa-0003-4000-8000-000000000003", name: "Payments" },
  sink: { id: "aaaaaaaa-0001-4000-8000-000000000001", name: "Hub" },
};
const known = (...connectionTypes: string[]): ConnectionTypes => ({ connectionTypes });
const unspecified: ConnectionTypes = { connectionTypes: [], openTypes: "unspecified" };

/** Describes a change of the types of one pair. */
function describeChange(kind: "replace" | "update", before: ConnectionTypes, after: ConnectionTypes): string {
  const types = compareTypes(before, after);
  const ends = { before: { ...PAIR, ...before }, after: { ...PAIR, ...after } };
  return toPlainText(formatChange(createChange(kind, { connectionId: "id-1", ...ends, ...types })));
}

it.each([
  [known("logs"), known("logs"), "temporarily stops sharing logs: connection"],
  [
    known("audit", "logs"),
    known("logs", "metrics"),
    "stops sharing audit, temporarily stops sharing logs, and then starts sharing metrics:",
  ],
  [known("audit", "logs"), known("logs"), "Hub stops sharing audit, and temporarily stops sharing logs:"],
  [known("logs"), known("metrics"), "Hub stops sharing logs, and starts sharing metrics: connection"],
  [known("logs"), unspecified, "temporarily stops sharing logs, then shares the types that Datadog chooses:"],
  [UNKNOWN_TYPES, known("logs"), "temporarily stops sharing types that cannot be read, then shares logs:"],
  [known("logs"), UNKNOWN_TYPES, "temporarily stops sharing logs, then shares types that are not shown:"],
])("a replacement of the same pair, %o by %o", (before, after, text) => {
  expect(describeChange("replace", before, after)).toContain(text);
});

it("an update that leaves types that cannot be read unspecified", () => {
  expect(describeChange("update", UNKNOWN_TYPES, unspecified)).toContain(
    "Hub continues to share types that cannot be read",
  );
});

it("a group of updates that leave types that cannot be read unspecified", () => {
  const ends = { before: { ...PAIR, ...UNKNOWN_TYPES }, after: { ...PAIR, ...unspecified } };
  const sentence = formatOthers({ commonEnd: "sink", items: [createChange("update", ends)] }, 0);
  expect(toPlainText(sentence)).toBe("1 organization continues to share types that cannot be read with Hub.");
});

it("a create whose pair has a connection with one type that it would stop sharing, and perhaps with others", () => {
  const collision = { connectionId: "id-2", removedTypes: ["audit"], mayRemoveTypes: true as const };
  const change = createChange("create", { after: { ...PAIR, ...known("logs") }, collision });
  expect(toPlainText(formatChange(change))).toContain(
    "stops sharing audit and may stop sharing some of its other types",
  );
});

it.each([
  [undefined, true],
  [["other"], false],
])(
  "a replacement of the same pair stops the sharing unless another resource retains the connection: %o",
  (retainedBy, stops) => {
    const ends = { before: { ...PAIR, ...known("logs") }, after: { ...PAIR, ...known("logs") } };
    const change = createChange("replace", { connectionId: "id-1", ...ends, retainedBy });
    expect(toPlainText(formatChange(change)).includes("nothing is shared until")).toBe(stops);
  },
);
