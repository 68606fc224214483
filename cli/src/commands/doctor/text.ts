import type { Check } from "./check.js";
import { escapeInvisible, formatSentence } from "datadog-org-connections-core/text/escape-text.js";
import { formatCount, joinFirst } from "../../shared/text.js";
import type { OrganizationDiagnosis } from "./diagnose-organization.js";
import type { Diagnosis } from "./diagnose.js";

/** The maximum count of organizations that are listed at the end of one remark. */
const MAX_NAMES = 5;

/** Selects the problems, and the organizations with problems. */
export const selectProblems = ({ folder, program, organizations }: Diagnosis): Diagnosis => ({
  folder,
  program: program.filter(isProblem),
  organizations: organizations
    .map((organization) => ({ ...organization, checks: organization.checks.filter(isProblem) }))
    .filter(({ checks }) => checks.length > 0),
});

const isProblem = ({ verdict }: Check): boolean => verdict === "problem";

/**
 * Formats one line for each check of the program and of the organizations, and the count of problems. If there are several
 * organizations, each organization without a problem has only one line. Below these lines, each distinct result of these
 * organizations that is not `ok` has one line.
 */
export function formatDiagnosis({ folder, program, organizations }: Diagnosis): string {
  const healthy =
    organizations.length > 1 ? organizations.filter(({ checks }) => !checks.some(isProblem)) : [];
  const others = organizations.filter((organization) => !healthy.includes(organization));
  const sections = [
    ...(program.length === 0 ? [] : [[`Program in ${escapeInvisible(folder)}`, ...program.map(formatCheck)]]),
    ...(healthy.length === 0
      ? []
      : [
          [
            `${formatCount(healthy.length, "organization")} without a problem`,
            ...formatHealthy(healthy),
            ...formatRemarks(healthy),
          ],
        ]),
    ...others.map((organization) => [
      `Organization ${formatOrganization(organization)}`,
      ...organization.checks.map(formatCheck),
    ]),
    [formatTotal([...program, ...organizations.flatMap(({ checks }) => checks)])],
  ];
  return sections.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function formatTotal(checks: readonly Check[]): string {
  const problems = checks.filter(isProblem).length;
  return problems === 0 ? "No problems." : `${formatCount(problems, "problem")}.`;
}

const formatOrganization = ({ names, baseUrl }: OrganizationDiagnosis): string =>
  `${names.map(escapeInvisible).join(", ")}${baseUrl === undefined ? "" : ` at ${escapeInvisible(baseUrl)}`}`;

/**
 * Formats one line for each organization: the result of its check `organization`, the count of `ok` checks, and the other checks.
 */
function formatHealthy(organizations: readonly OrganizationDiagnosis[]): string[] {
  const width = Math.max(...organizations.map((organization) => formatOrganization(organization).length));
  return organizations.map((organization) => {
    const { checks } = organization;
    const okCount = checks.filter(({ verdict }) => verdict === "ok").length;
    const remarks = checks.flatMap(({ check, verdict }) =>
      verdict === "ok" ? [] : [`${check}: ${verdict}`],
    );
    const counts = [`${formatCount(okCount, "check")} ok`, ...remarks].join(", ");
    const identity = checks.find(({ check }) => check === "organization")?.found ?? "";
    return `  ok       ${formatOrganization(organization).padEnd(width)} ${formatSentence(`${identity} ${counts}.`)}`;
  });
}

/** Formats one line for each distinct result that is not `ok`, with the organizations that have it. */
function formatRemarks(organizations: readonly OrganizationDiagnosis[]): string[] {
  const namesByLine = new Map<string, string[]>();
  for (const { names, checks } of organizations) {
    for (const check of checks.filter(({ verdict }) => verdict !== "ok")) {
      const line = formatCheck(check);
      const all = namesByLine.get(line) ?? [];
      all.push(names.map(escapeInvisible).join(", "));
      namesByLine.set(line, all);
    }
  }
  return [...namesByLine].map(([line, names]) => `${line} (${joinFirst(names, MAX_NAMES)})`);
}

/** Formats a check in columns. The column widths fit the longest verdict and the longest name of a check. */
function formatCheck({ check, verdict, found, next }: Check): string {
  const advice = next === undefined ? "" : ` Next: ${next}`;
  return `  ${verdict.padEnd(8)} ${check.padEnd(16)} ${formatSentence(`${found}${advice}`)}`;
}
