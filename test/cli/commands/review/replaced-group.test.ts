import { expect, it } from "vitest";
import type { Change } from "../../../../cli/src/changes/facts.js";
import { toPlainText } from "../../../../cli/src/changes/rich-text.js";
import type { OrganizationRef, SharedData } from "../../../../cli/src/changes/shared-data.js";
import { formatStops } from "../../../../cli/src/commands/review/group-sentences.js";
import { createChange } from "../../changes/create-change.js";

const share = (source: OrganizationRef, sink: string): SharedData => ({
  source,
  sink: { id: sink },
  connectionTypes: ["logs"],
});
const [A, B] = [{ id: "a" }, { id: "b" }];

/** Describes replacements of connections from A to x and y. */
function describeReplacements(createAfter: (sink: string) => SharedData, more: Partial<Change> = {}): string {
  const [x, y] = ["x", "y"].map((sink) =>
    createChange("replace", { before: share(A, sink), after: createAfter(sink), ...more }),
  ) as [Change, Change];
  return toPlainText(formatStops({ commonEnd: "source", items: [x, y] }, 0));
}

it.each<[string, (sink: string) => SharedData, string]>([
  ["destination", (sink) => share(A, `new-${sink}`), "by a connection to another organization, with"],
  ["source", (sink) => share(B, sink), "by a connection from another organization, with"],
  [
    "source, which may be the same",
    (sink) => share({ provider: "eu" }, sink),
    "by a connection from a source that may be another organization, with",
  ],
  [
    "source and destination",
    (sink) => share(B, `new-${sink}`),
    "by a connection between other organizations,",
  ],
])("replacements with another %s", (_, createAfter, text) => {
  expect(describeReplacements(createAfter)).toContain(text);
});

it.each([
  ["of other pairs", B],
  ["of the same pairs", A],
])("replacements %s whose connections another resource retains", (_, source) => {
  const text = describeReplacements((sink) => share(source, sink), { retainedBy: ["other"] });
  expect(text).toContain(
    "a new creator, unless the run includes another resource that manages the old connection.",
  );
});

it.each<[string, Partial<SharedData>, boolean]>([
  ["fewer types", { connectionTypes: ["metrics"] }, true],
  ["types that Datadog chooses", { connectionTypes: [], openTypes: "unspecified" }, false],
])("replacements of the same pairs with %s", (_, types, isLoss) => {
  const text = describeReplacements((sink) => ({ ...share(A, sink), ...types }), { removedTypes: ["logs"] });
  expect(text).toContain("temporarily stops sharing logs with 2 organizations.");
  expect(text.includes("The new connections do not share logs.")).toBe(isLoss);
});
