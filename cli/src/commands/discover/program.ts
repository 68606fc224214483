import { formatComment, formatLiteral } from "./literal.js";
import type { Entry, Plan, SourceEntries } from "./plan.js";

/**
 * Formats the TypeScript program of a plan. Names and types are untrusted, so they appear only in literals and `//` comments.
 *
 * @param day - when the connections were read: `2026-11-25`
 */
export function formatProgram(plan: Plan, day: string): string {
  const blocks = [
    [
      ...formatComment(
        `The cross-organization connections that were live on ${day}, written by \`datadog-org-connections discover\`. ` +
          `\`pulumi preview\` reports that each will be adopted. \`pulumi up\` adopts them into the state and changes nothing in Datadog.`,
      ),
      ...plan.remarks.flatMap((remark) => ["//", ...formatComment(remark)]),
    ],
    formatOrganizations(plan),
    ...(plan.form === "single" ? formatSingles(plan) : plan.sources.map(formatSet)),
  ];
  const [head = [], ...rest] = blocks;
  const imports =
    plan.form === "single"
      ? `import { OrgConnection, type OrgConnectionArgs } from "pulumi-datadog-org-connections";`
      : `import { OrgConnectionSet } from "pulumi-datadog-org-connections";`;
  return `${[head, [imports], ...rest].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function formatOrganizations({ organizations }: Plan): string[] {
  return [
    "/** The UUIDs of the destinations, by their names in Datadog. */",
    "const organizations = {",
    ...organizations.map(({ label, id }) => `  ${formatLiteral(label)}: ${formatLiteral(id)},`),
    "};",
  ];
}

function formatSingles({ sources }: Plan): string[][] {
  return [
    [
      'interface ConnectionArgs extends Omit<OrgConnectionArgs, "sinkOrgId"> {',
      "  destination: keyof typeof organizations;",
      "}",
    ],
    [
      "/** The connections, by resource name. `source` names the organization whose credentials are used. */",
      "const connections: Record<string, ConnectionArgs> = {",
      ...sources.flatMap((source) => [
        ...formatHeading(source, "  "),
        ...source.entries.map((entry) => formatRow(source, entry)),
      ]),
      "};",
    ],
    [
      "for (const [name, { destination, ...args }] of Object.entries(connections)) {",
      "  // Remove `adopt` once the connection is in the state. `protect` prevents accidental deletion.",
      "  new OrgConnection(",
      "    name,",
      "    { adopt: true, ...args, sinkOrgId: organizations[destination] },",
      "    { protect: true },",
      "  );",
      "}",
    ],
  ];
}

function formatRow({ source }: SourceEntries, { resource, sink, connectionTypes }: Entry): string {
  const fields = [
    ...(source === undefined ? [] : [`source: ${formatLiteral(source)}`]),
    `destination: ${formatLiteral(sink)}`,
    ...(connectionTypes ? [`connectionTypes: ${formatList(connectionTypes)}`] : []),
  ];
  return `  ${formatLiteral(resource)}: { ${fields.join(", ")} },`;
}

function formatSet(sourceEntries: SourceEntries): string[] {
  return [
    ...formatHeading(sourceEntries, ""),
    "new OrgConnectionSet(",
    `  ${formatLiteral(sourceEntries.resource)},`,
    "  {",
    ...(sourceEntries.source === undefined ? [] : [`    source: ${formatLiteral(sourceEntries.source)},`]),
    "    connections: {",
    ...sourceEntries.entries.map(
      ({ sink, connectionTypes = [] }) =>
        `      [organizations[${formatLiteral(sink)}]]: ${formatList(connectionTypes)},`,
    ),
    "    },",
    "    adopt: true,",
    "  },",
    "  { protect: true },",
    ");",
  ];
}

/** Formats a comment that names the source of the connections below. */
function formatHeading({ label, id }: SourceEntries, indent: string): string[] {
  const text = label.includes(id) ? formatLiteral(label) : `${formatLiteral(label)} (${id})`;
  return formatComment(`From ${text}`).map((line) => `${indent}${line}`);
}

const formatList = (types: readonly string[]): string => `[${types.map(formatLiteral).join(", ")}]`;
