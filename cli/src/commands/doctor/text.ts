import type { Check } from "./check.js";
import { escapeInvisible, formatSentence } from "datadog-org-connections-core/api/escape-text.js";
import { formatCount } from "../../shared/text.js";
import type { Diagnosis } from "./diagnose.js";

/** Formats one line for each check, and the count of problems. */
export function formatDiagnosis({ folder, program, organizations }: Diagnosis): string {
  const problems = [...program, ...organizations.flatMap(({ checks }) => checks)].filter(
    ({ verdict }) => verdict === "problem",
  ).length;
  return [
    `Program in ${escapeInvisible(folder)}`,
    ...program.map(formatCheck),
    ...organizations.flatMap(({ names, baseUrl, checks }) => [
      "",
      `Organization ${names.map(escapeInvisible).join(", ")}${baseUrl === undefined ? "" : ` at ${escapeInvisible(baseUrl)}`}`,
      ...checks.map(formatCheck),
    ]),
    "",
    problems === 0 ? "No problem." : `${formatCount(problems, "problem")}.`,
    "",
  ].join("\n");
}

function formatCheck({ check, verdict, found, next }: Check): string {
  const advice = next === undefined ? "" : ` Next: ${next}`;
  return `  ${verdict.padEnd(8)} ${check.padEnd(16)} ${formatSentence(`${found}${advice}`)}`;
}
