import { describe, expect, it } from "vitest";
import type { Change } from "../../../../cli/src/changes/facts.js";
import { renderMarkdown } from "../../../../cli/src/commands/review/markdown.js";
import { createChange as createChangeOfKind } from "../../changes/create-change.js";
import type { Review } from "../../../../cli/src/commands/review/review.js";

const createUuid = (number: number) => `cccccccc-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;

function createChange(at: number, name: (at: number) => string): Change {
  const sharing = {
    source: { id: createUuid(at), name: name(at) },
    sink: { id: createUuid(at + 10_000), name: name(at + 10_000) },
    connectionTypes: ["logs"],
  };
  const isDelete = at % 2 === 0;
  return createChangeOfKind(isDelete ? "delete" : "create", {
    address: `urn:${at}`,
    resource: `r${at}`,
    ...(isDelete ? { before: sharing } : { after: sharing }),
    addedTypes: isDelete ? [] : ["logs"],
    removedTypes: isDelete ? ["logs"] : [],
    connectionId: createUuid(at),
  });
}

function createReview(count: number, name: (at: number) => string): Review {
  const changes = Array.from({ length: count }, (_, at) => createChange(at, name));
  return {
    inputs: [{ kind: "preview", location: "acme/dev" }],
    outcome: "violation",
    changes,
    unchanged: [],
    unreadable: [],
    isUnchangedKnown: true,
    complete: true,
    positions: new Map(),
    hasPolicy: true,
    violations: changes.map((one) => ({
      rule: "allow",
      level: "error",
      at: "allow",
      change: one,
      sentence: ["no"],
    })),
    warnings: [],
    unknowns: [],
    errors: [],
    notes: [],
  };
}

describe("a report stays below the limit of a comment", () => {
  // No two changes have anything in common, so none can be grouped.
  it.each([
    ["500 changes of 1,000 organizations", 500, (at: number) => `Organization ${at}`],
    ["3,000 changes", 3000, (at: number) => `Organization ${at}`],
    [
      "500 changes with names of 500 characters that are all escaped",
      500,
      (at: number) => `${at}${"<".repeat(490)}`,
    ],
  ])("%s", (_, count, name) => {
    const report = renderMarkdown(createReview(count, name));
    expect(report.length).toBeLessThan(65_536);
    expect(report).toContain(`**${count} changes; ⛔ ${count / 2} stop sharing data`);
    expect(report).toContain(`| ⛔ to delete | ${count / 2} |`);
    expect(report).toMatch(/more\.|does not fit/);
    expect(report.match(/^```/gm)?.length ?? 0).not.toBe(1);
  });

  it("20 changes are listed one by one", () => {
    const report = renderMarkdown(createReview(20, (at) => `Organization ${at}`));
    expect(report.match(/<details>.*/g)).toEqual([
      "<details><summary>More of what breaks, and the other violations and warnings (20)</summary>",
      "<details><summary>Who shares with whom</summary>",
      "<details><summary>Organizations by UUID</summary>",
    ]);
    // Each change, what breaks for each deletion, and one line for the 20 violations of one rule.
    expect(report.match(/^- .*\*\*Organization/gm)).toHaveLength(20 + 10 + 1);
  });
});
