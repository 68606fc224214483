import { formatObserved, isPassed, type Verdict } from "./verdict.js";

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
