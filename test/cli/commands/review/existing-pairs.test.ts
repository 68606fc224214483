import { expect, it } from "vitest";
import type { Change } from "../../../../cli/src/changes/change.js";
import { toPlainText } from "../../../../cli/src/changes/rich-text.js";
import { groupStatements } from "../../../../cli/src/commands/review/statements.js";
import { findWarnings } from "../../../../cli/src/commands/review/warnings.js";
import { createChange } from "../../changes/create-change.js";
import { createSet, createSingle, reviewSteps, step } from "../../changes/steps.js";

const createShared = (sink: string) => ({
  source: { id: "source" },
  sink: { id: sink },
  connectionTypes: ["logs"],
});
const createColliding = (more: Partial<Change> = {}): Change =>
  createChange("create", {
    resource: "hub",
    after: createShared("hub"),
    collision: { connectionId: "c1", resource: "old", mayBeDeletedFirst: true },
    ...more,
  });
const createDeleting = (location: string): Change =>
  createChange("delete", {
    resource: "old",
    location,
    before: createShared("hub"),
    connectionId: "c1",
  });
const listSentences = (changes: readonly Change[]) =>
  groupStatements(findWarnings(changes, []).filter(({ code }) => code === "pair-exists")).sentences.map(
    toPlainText,
  );

it("a resource of the same stack deletes the connection: dependsOn guarantees the order", () => {
  expect(listSentences([createColliding(), createDeleting("acme/dev")])).toEqual([
    expect.stringContaining(
      "already has connection c1 of resource old. The create succeeds if old deletes the connection first, which is guaranteed if hub lists old in dependsOn.",
    ),
  ]);
});

it("a set of the same stack deletes its member: dependsOn guarantees the order", () => {
  const { changes } = reviewSteps([
    step.update(createSet({ hub: "logs" }), createSet({})),
    step.create(createSingle("new", "hub", "logs")),
  ]);
  expect(listSentences(changes)).toEqual([
    expect.stringContaining(
      "The create succeeds if all deletes the connection first, which is guaranteed if new lists all in dependsOn.",
    ),
  ]);
});

it("a resource of another stack deletes the connection: nothing guarantees the order", () => {
  expect(listSentences([createColliding(), createDeleting("acme/prod")])).toEqual([
    expect.stringContaining(
      "already has connection c1 of resource old (acme/prod). The create succeeds if old (acme/prod) deletes the connection first. For",
    ),
  ]);
});

it("a set whose pairs have connections counts as one resource", () => {
  const members = Array.from({ length: 8 }, (_, at) =>
    createColliding({
      form: "set",
      after: createShared(`sink-${at}`),
      collision: { connectionId: `c${at}`, resource: "old", mayBeDeletedFirst: true },
    }),
  );
  expect(listSentences(members)).toHaveLength(8);
  const single = createColliding({ resource: "single", address: "urn:single" });
  expect(listSentences([...members, single])).toEqual([
    expect.stringMatching(
      /^pulumi up may fail at 2 resources \(hub and single\), .* The creates succeed if other resources delete the connections first\. For/,
    ),
  ]);
});
