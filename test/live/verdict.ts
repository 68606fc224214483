import { renderTable } from "../../cli/src/shared/table.js";
import type { AssumptionName } from "../../sandbox/src/assumptions.js";
import { type Assumption, assumptions } from "../../sandbox/src/index.js";
import type { JourneyResult } from "./journeys/journey.js";
import { credentialJudges, keyJudges, organizationJudges } from "./judgments/credential-judges.js";
import { type Judge, type Judgment, unobserved } from "./judgments/judgment.js";
import { listJudges } from "./judgments/list-judges.js";
import { rateLimitJudges, responseJudges } from "./judgments/response-judges.js";
import { createJudges, deleteJudges, updateJudges } from "./judgments/write-judges.js";
import type { Evidence } from "./probes/probe.js";

/** The judge of each assumption of the sandbox package, by its name. */
const judges = new Map<string, Judge>(
  Object.entries({
    ...responseJudges,
    ...listJudges,
    ...createJudges,
    ...updateJudges,
    ...deleteJudges,
    ...credentialJudges,
    ...keyJudges,
    ...organizationJudges,
    ...rateLimitJudges,
  } satisfies Record<AssumptionName, Judge>),
);

/** An assumption, and what the run says about it. */
interface JudgedAssumption {
  assumption: Assumption;
  judgment: Judgment;
}

/** Judges all assumptions, in their order. */
export const judgeAssumptions = (evidence: Evidence): JudgedAssumption[] =>
  assumptions.map((assumption) => ({
    assumption,
    judgment: judges.get(assumption.name)?.(evidence) ?? unobserved("nothing judges it"),
  }));

/** The result of a run. It has no name of an organization or a user, no id and no credential. */
export interface Verdict {
  /** Where the API is: Datadog's site, or `another address`. */
  target: string;
  /** When the run started, as an ISO date. */
  startedAt: string;
  assumptions: readonly JudgedAssumption[];
  journeys: readonly JourneyResult[];
  /** Why the run ended before its end. Missing if it did not. */
  stopReason?: string | undefined;
  /** Why connections of the run may be left. Missing if none is. */
  leftBehind?: string | undefined;
}

/** Whether nothing was refuted, each journey passed, and nothing is left. */
export const isPassed = ({ assumptions, journeys, stopReason, leftBehind }: Verdict): boolean =>
  assumptions.every(({ judgment }) => judgment.verdict !== "refuted") &&
  journeys.every(({ result }) => result === "passed") &&
  stopReason === undefined &&
  leftBehind === undefined;

/** Lists the names of the refuted assumptions. */
export const listRefuted = ({ assumptions }: Pick<Verdict, "assumptions">): string[] =>
  assumptions.flatMap(({ assumption, judgment }) =>
    judgment.verdict === "refuted" ? [assumption.name] : [],
  );

/** Formats what was seen, or why nothing was. */
function formatObserved({ judgment }: JudgedAssumption): string {
  switch (judgment.verdict) {
    case "confirmed":
      return "";
    case "refuted":
      return judgment.observed;
    case "not seen":
      return judgment.reason;
  }
}

/** Formats the counts of all verdicts. */
function formatCounts({ assumptions }: Verdict): string {
  const count = (verdict: string) =>
    assumptions.filter(({ judgment }) => judgment.verdict === verdict).length;
  return `${count("confirmed")} confirmed, ${count("refuted")} refuted, ${count("not seen")} not seen`;
}

/** Formats a verdict for a terminal: refuted assumptions first. */
export function formatText(verdict: Verdict): string {
  const { assumptions, journeys, stopReason, leftBehind } = verdict;
  const order = ["refuted", "not seen", "confirmed"];
  const rows = [...assumptions]
    .sort((a, b) => order.indexOf(a.judgment.verdict) - order.indexOf(b.judgment.verdict))
    .map((row) => [
      row.judgment.verdict,
      row.assumption.name,
      row.judgment.verdict === "confirmed"
        ? row.assumption.sentence
        : row.judgment.verdict === "refuted"
          ? `${row.assumption.sentence} Seen: ${formatObserved(row)}.`
          : formatObserved(row),
    ]);
  const refuted = listRefuted(verdict);
  return [
    renderTable(["VERDICT", "ASSUMPTION", "WHAT"], rows),
    "",
    ...(journeys.length === 0
      ? []
      : [
          renderTable(
            ["JOURNEY", "RESULT", "WHY"],
            journeys.map((one) => [one.name, one.result, one.why]),
          ),
          "",
        ]),
    `${formatCounts(verdict)}.`,
    ...(refuted.length > 0 ? [`Refuted: ${refuted.join(", ")}.`] : []),
    ...(stopReason === undefined ? [] : [`The run ended early: ${stopReason}`]),
    ...(leftBehind === undefined ? [] : [`Connections may be left: ${leftBehind}`]),
    isPassed(verdict) ? "Passed." : "Not passed.",
    "",
  ].join("\n");
}

/** Formats a verdict as a page. */
export function formatMarkdown(verdict: Verdict): string {
  const { assumptions, journeys, stopReason, leftBehind, startedAt, target } = verdict;
  const rows = assumptions.map((row) => {
    const { assumption, judgment } = row;
    const source = assumption.url === undefined ? assumption.kind : `[${assumption.kind}](${assumption.url})`;
    return [`\`${assumption.name}\``, assumption.sentence, source, judgment.verdict, formatObserved(row)];
  });
  return [
    "# Verdict of `npm run test:live`",
    "",
    `Target: ${target}. Start: ${startedAt}. ${isPassed(verdict) ? "Passed" : "Not passed"}: ${formatCounts(verdict)}.`,
    ...(stopReason === undefined ? [] : ["", `The run ended early: ${stopReason}`]),
    ...(leftBehind === undefined ? [] : ["", `Connections may be left: ${leftBehind}`]),
    "",
    ...formatTable(
      ["assumption", "what holds", "source", "verdict", "what was seen, or why nothing was"],
      rows,
    ),
    "",
    ...(journeys.length === 0
      ? []
      : [
          ...formatTable(
            ["journey", "result", "why"],
            journeys.map((one) => [one.name, one.result, one.why]),
          ),
          "",
        ]),
  ].join("\n");
}

function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const formatRow = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [formatRow(head), formatRow(head.map(() => "---")), ...rows.map(formatRow)];
}

/** Formats a verdict as JSON. */
export function formatJson(verdict: Verdict): string {
  const { assumptions, ...rest } = verdict;
  const rows = assumptions.map((row) => ({
    ...row.assumption,
    verdict: row.judgment.verdict,
    ...(row.judgment.verdict === "refuted" && { observed: formatObserved(row) }),
    ...(row.judgment.verdict === "not seen" && { reason: formatObserved(row) }),
  }));
  return `${JSON.stringify({ version: 1, passed: isPassed(verdict), ...rest, assumptions: rows }, undefined, 2)}\n`;
}
