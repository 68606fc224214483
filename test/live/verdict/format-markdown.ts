import { formatCounts, formatObserved, isPassed, type Verdict } from "./verdict.js";

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
