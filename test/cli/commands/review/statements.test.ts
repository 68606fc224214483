import { expect, it } from "vitest";
import { toPlainText } from "../../../../cli/src/changes/rich-text.js";
import { createViolationStatement } from "../../../../cli/src/commands/review/report.js";
import { groupStatements } from "../../../../cli/src/commands/review/statements.js";
import { findViolations } from "../../../../cli/src/policy/rules.js";
import { createChange } from "../../changes/create-change.js";

/** Summarizes the violations of changes to one destination, each of which violates both entries of a rule. */
function summarize(count: number): string[] {
  const changes = Array.from({ length: count }, (_, index) =>
    createChange("create", {
      after: { source: { name: `team-${index}` }, sink: { name: "search" }, connectionTypes: ["audit"] },
    }),
  );
  const violations = findViolations({ reason: [{ types: ["audit"] }, {}] }, changes, [], true);
  return groupStatements(violations.map(createViolationStatement)).sentences.map(toPlainText);
}

it("a summary counts and lists each connection once, even if it violates several entries of a rule", () => {
  expect(summarize(4)).toEqual([
    "⛔ reason: 4 connections (team-0 → search, team-1 → search, team-2 → search and team-3 → search) do not have the required reason.",
  ]);
  expect(summarize(8)).toEqual([expect.stringMatching(/^⛔ reason: 8 connections \(.* and 3 more\) do not/)]);
});

it("statements about one subject are not summarized", () => {
  const change = createChange("create", { after: { source: {}, sink: {}, connectionTypes: ["audit"] } });
  const rules = Array.from({ length: 8 }, () => ({}));
  const violations = findViolations({ reason: rules }, [change], [], true);
  expect(groupStatements(violations.map(createViolationStatement)).sentences).toHaveLength(8);
});

it("a summary does not call a violation certain if too little is known", () => {
  const changes = Array.from({ length: 8 }, (_, index) =>
    createChange("create", {
      after: { source: { id: `team-${index}` }, sink: {}, connectionTypes: ["logs"] },
    }),
  );
  const violations = findViolations({ allow: [{ sink: "hub" }] }, changes, [], true);
  expect(groupStatements(violations.map(createViolationStatement)).sentences.map(toPlainText)).toEqual([
    expect.stringMatching(/^⛔ allow: 8 connections \(.*\) are or may be outside the allow-list\.$/),
  ]);
});

it("a summary names the option of Terraform, which a plan does not show", () => {
  const changes = Array.from({ length: 8 }, (_, index) =>
    createChange("create", {
      tool: "terraform",
      after: { source: { name: `team-${index}` }, sink: { name: "hub" }, connectionTypes: ["logs"] },
    }),
  );
  const violations = findViolations({ protect: [{}] }, changes, [], true);
  expect(groupStatements(violations.map(createViolationStatement)).sentences.map(toPlainText)).toEqual([
    expect.stringMatching(
      /^⛔ protect: 8 connections \(.*\) need prevent_destroy, but a plan does not show whether it is set\.$/,
    ),
  ]);
});
