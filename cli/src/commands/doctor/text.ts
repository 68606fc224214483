import type { Check } from "./check.js";
import { escapeInvisible, formatSentence } from "datadog-org-connections-core/text/escape-text.js";
import type { Layout, Style } from "../../shared/terminal.js";
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
 * Formats each check of the program and of the organizations, and the count of problems. If there are several organizations, each
 * organization without a problem has only one line. Below these lines, each distinct result of these organizations that is not `ok`
 * has one line.
 */
export function formatDiagnosis({ folder, program, organizations }: Diagnosis, layout: Layout): string {
  const healthy =
    organizations.length > 1 ? organizations.filter(({ checks }) => !checks.some(isProblem)) : [];
  const others = organizations.filter((organization) => !healthy.includes(organization));
  const formatSection = (heading: string, lines: readonly string[]) => [layout.heading(heading), ...lines];
  const formatAll = (checks: readonly Check[]) => checks.map((check) => formatCheck(check, layout));
  const sections = [
    ...(program.length === 0
      ? []
      : [formatSection(`Program in ${escapeInvisible(folder)}`, formatAll(program))]),
    ...(healthy.length === 0
      ? []
      : [
          formatSection(`${formatCount(healthy.length, "organization")} without a problem`, [
            ...formatHealthy(healthy, layout),
            ...formatRemarks(healthy, layout),
          ]),
        ]),
    ...others.map((organization) =>
      formatSection(`Organization ${formatOrganization(organization)}`, formatAll(organization.checks)),
    ),
    [formatTotal([...program, ...organizations.flatMap(({ checks }) => checks)], layout)],
  ];
  return sections.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function formatTotal(checks: readonly Check[], layout: Layout): string {
  const problems = checks.filter(isProblem).length;
  return problems === 0
    ? layout.paint("green", "No problems.")
    : layout.paint("red", `${formatCount(problems, "problem")}.`);
}

const formatOrganization = ({ names, baseUrl }: OrganizationDiagnosis): string =>
  `${names.map(escapeInvisible).join(", ")}${baseUrl === undefined ? "" : ` at ${escapeInvisible(baseUrl)}`}`;

/**
 * Formats one line for each organization: the result of its check `organization`, the count of `ok` checks, and the other checks.
 */
function formatHealthy(organizations: readonly OrganizationDiagnosis[], layout: Layout): string[] {
  const width = Math.max(...organizations.map((organization) => formatOrganization(organization).length));
  return organizations.map((organization) => {
    const { checks } = organization;
    const okCount = checks.filter(({ verdict }) => verdict === "ok").length;
    const remarks = checks.flatMap(({ check, verdict }) =>
      verdict === "ok" ? [] : [`${check}: ${verdict}`],
    );
    const counts = [`${formatCount(okCount, "check")} ok`, ...remarks].join(", ");
    const identity = checks.find(({ check }) => check === "organization")?.found ?? "";
    return formatRow("ok", formatOrganization(organization).padEnd(width), `${identity} ${counts}.`, layout);
  });
}

/** Formats one line for each distinct result that is not `ok`, with the organizations that have it. */
function formatRemarks(organizations: readonly OrganizationDiagnosis[], layout: Layout): string[] {
  const remarks = new Map<string, { check: Check; names: string[] }>();
  for (const { names, checks } of organizations) {
    for (const check of checks.filter(({ verdict }) => verdict !== "ok")) {
      const key = JSON.stringify([check.check, check.verdict, check.found, check.next]);
      const remark = remarks.get(key) ?? { check, names: [] };
      remark.names.push(names.map(escapeInvisible).join(", "));
      remarks.set(key, remark);
    }
  }
  return [...remarks.values()].map(({ check, names }) =>
    formatCheck(check, layout, ` (${joinFirst(names, MAX_NAMES)})`),
  );
}

/** Formats a check. In a terminal, the next step has a line of its own. */
function formatCheck({ check, verdict, found, code, next }: Check, layout: Layout, names = ""): string {
  const result = code === undefined ? found : `${found} [${code}]`;
  if (next === undefined || layout.width === undefined) {
    const advice = next === undefined ? "" : ` Next: ${next}`;
    return formatRow(verdict, check.padEnd(NAME_WIDTH), `${result}${advice}${names}`, layout);
  }
  return [
    formatRow(verdict, check.padEnd(NAME_WIDTH), `${result}${names}`, layout),
    layout.hang(" ".repeat(VERDICT_WIDTH + NAME_WIDTH + 4), formatSentence(`Next: ${next}`)),
  ].join("\n");
}

/** The width of the longest verdict, and of the longest name of a check. */
const [VERDICT_WIDTH, NAME_WIDTH] = [8, 16];

const STYLES: Record<Check["verdict"], Style> = {
  ok: "green",
  advice: "cyan",
  unknown: "yellow",
  problem: "red",
};

function formatRow(verdict: Check["verdict"], name: string, text: string, layout: Layout): string {
  const word = verdict.padEnd(VERDICT_WIDTH);
  const painted = `  ${layout.paint(STYLES[verdict], word)} ${name} `;
  return layout.hang(`  ${word} ${name} `, formatSentence(text), painted);
}
