import { renderTable } from "../../../cli/src/shared/table.js";
import { formatCounts, formatObserved, isPassed, listRefuted, type Verdict } from "./verdict.js";

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
