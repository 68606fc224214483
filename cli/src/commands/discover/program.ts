import { formatComment, formatLiteral } from "./literal.js";
import { OFFICIAL_TYPE } from "../../stack/pulumi-resources.js";
import type { Entry, Draft, SourceEntries } from "./draft.js";

/**
 * Formats the TypeScript program of a draft. Names and types are untrusted, so they appear only in literals and `//` comments.
 *
 * @param day - when the connections were read: `2026-11-25`
 */
export function formatProgram(draft: Draft, day: string): string {
  const blocks = [
    [
      ...formatComment(
        `Declares the cross-organization connections that were live on ${day}. Written by \`datadog-org-connections discover\`. ` +
          describeUp(draft),
      ),
      ...draft.remarks.flatMap((remark) => ["//", ...formatComment(remark)]),
    ],
    formatOrganizations(draft),
    ...(draft.form === "single" ? formatSingles(draft) : draft.sources.map(formatSet)),
  ];
  const [head = [], ...rest] = blocks;
  const imports =
    draft.form === "single"
      ? `import { OrgConnection, type OrgConnectionArgs } from "pulumi-datadog-org-connections";`
      : `import { OrgConnectionSet } from "pulumi-datadog-org-connections";`;
  return `${[head, [imports], ...rest].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** Describes what `pulumi up` does with the program. */
const describeUp = ({ adopt }: Draft): string =>
  adopt
    ? "`pulumi preview` reports that each connection will be adopted. `pulumi up` adopts the connections into the state and changes " +
      "nothing in Datadog."
    : "The connections move from @pulumi/datadog. `pulumi preview` shows an update of each connection. The update writes only the state " +
      "and changes nothing in Datadog.";

function formatOrganizations({ destinations }: Draft): string[] {
  return [
    "/** The UUIDs of the destinations, by their names in Datadog. */",
    "const organizations = {",
    ...destinations.map(({ label, id }) => `  ${formatLiteral(label)}: ${formatLiteral(id)},`),
    "};",
  ];
}

function formatSingles(draft: Draft): string[][] {
  const urns = listUrnAliases(draft);
  return [
    [
      'interface ConnectionArgs extends Omit<OrgConnectionArgs, "sinkOrgId"> {',
      "  destination: keyof typeof organizations;",
      "}",
    ],
    [
      "/** The connections, by resource name. `source` names the organization whose credentials are used. */",
      "const connections: Record<string, ConnectionArgs> = {",
      ...draft.sources.flatMap((source) => [
        ...formatHeading(source, "  "),
        ...source.entries.map((entry) => formatEntry(source, entry)),
      ]),
      "};",
    ],
    ...(urns.length === 0
      ? []
      : [
          [
            "/** The former URNs of the resources that had a parent or have a new name, by resource name. */",
            "const formerUrns = new Map([",
            ...urns.map(([name, urn]) => `  [${formatLiteral(name)}, ${formatLiteral(urn)}],`),
            "]);",
          ],
        ]),
    draft.adopt ? ADOPTING_LOOP : formatMovingLoop(urns.length > 0),
  ];
}

const ADOPTING_LOOP = [
  "for (const [name, { destination, ...args }] of Object.entries(connections)) {",
  "  // Remove `adopt` once the connections are in the state. `protect` prevents accidental deletion.",
  "  new OrgConnection(",
  "    name,",
  "    { adopt: true, ...args, sinkOrgId: organizations[destination] },",
  "    { protect: true },",
  "  );",
  "}",
];

function formatMovingLoop(hasUrns: boolean): string[] {
  const alias = `{ type: ${formatLiteral(OFFICIAL_TYPE)} }`;
  return [
    "for (const [name, { destination, ...args }] of Object.entries(connections)) {",
    "  // Remove `aliases` once `pulumi up` has moved the connections. `protect` prevents accidental deletion.",
    "  new OrgConnection(",
    "    name,",
    "    { ...args, sinkOrgId: organizations[destination] },",
    `    { aliases: [${hasUrns ? `formerUrns.get(name) ?? ${alias}` : alias}], protect: true },`,
    "  );",
    "}",
  ];
}

/** Lists the new name and the former URN of each resource that an alias with only the former type does not match. */
function listUrnAliases({ adopt, sources }: Draft): [string, string][] {
  if (adopt) return [];
  return sources.flatMap(({ entries }) =>
    entries.flatMap(({ resource, owner }): [string, string][] =>
      owner && !owner.address.endsWith(`::${OFFICIAL_TYPE}::${resource}`) ? [[resource, owner.address]] : [],
    ),
  );
}

function formatEntry({ source }: SourceEntries, { resource, sink, connectionTypes }: Entry): string {
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
