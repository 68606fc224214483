import { describe, expect, it } from "vitest";
import type { Change } from "../../../../cli/src/changes/change.js";
import { renderMarkdown } from "../../../../cli/src/commands/review/markdown.js";
import type { Review } from "../../../../cli/src/commands/review/review.js";

const uuid = (number: number) => `cccccccc-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;

function change(at: number, name: (at: number) => string): Change {
  const sharing = {
    source: { id: uuid(at), name: name(at) },
    sink: { id: uuid(at + 10_000), name: name(at + 10_000) },
    connectionTypes: ["logs"],
  };
  const isEnd = at % 2 === 0;
  return {
    kind: isEnd ? "delete" : "create",
    urn: `urn:${at}`,
    resource: `r${at}`,
    form: "single",
    ...(isEnd ? { before: sharing } : { after: sharing }),
    gained: isEnd ? [] : ["logs"],
    lost: isEnd ? ["logs"] : [],
    connectionId: uuid(at),
    protect: false,
    adopt: false,
    recorded: [],
  };
}

function review(count: number, name: (at: number) => string): Review {
  const changes = Array.from({ length: count }, (_, at) => change(at, name));
  return {
    outcome: "violation",
    changes,
    stays: [],
    unreadable: [],
    isListed: true,
    isWhole: true,
    isPolicyGiven: true,
    violations: changes.map((one) => ({
      rule: "allow",
      level: "error",
      at: "allow",
      change: one,
      sentence: ["no"],
    })),
    warnings: [],
    errors: [],
    notes: [],
  };
}

describe("a report stays below the limit of a comment", () => {
  // No two changes have anything in common, so that nothing can be told together.
  it.each([
    ["500 changes of 1,000 organizations", 500, (at: number) => `Organization ${at}`],
    ["3,000 changes", 3000, (at: number) => `Organization ${at}`],
    ["500 changes, names of 500 signs that all are escaped", 500, (at: number) => `${at}${"<".repeat(490)}`],
  ])("%s", (_, count, name) => {
    const report = renderMarkdown(review(count, name));
    expect(report.length).toBeLessThan(65_536);
    expect(report).toContain(`**${count} changes; ⛔ ${count / 2} stop sharing something`);
    expect(report).toContain(`| ⛔ ended | ${count / 2} |`);
    expect(report).toMatch(/more\.|does not fit/);
    expect(report.match(/^```/gm)?.length ?? 0).not.toBe(1);
  });

  it("20 changes are told one by one", () => {
    const report = renderMarkdown(review(20, (at) => `Organization ${at}`));
    expect(report).not.toContain("Shortened");
    expect(report.match(/^- .*\*\*Organization/gm)).toHaveLength(20 + 10);
  });
});
