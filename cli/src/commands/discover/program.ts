import { commentLines, literal } from "./literal.js";
import type { Entry, Plan, Sharing } from "./plan.js";

/**
 * The TypeScript program of a plan. Names and types come from elsewhere: they stand in it as literals only, and as
 * words of `//` comments.
 *
 * @param day - of the reading: `2026-11-25`
 */
export function programOf(plan: Plan, day: string): string {
  const blocks = [
    [
      ...commentLines(
        `Cross-organization connections as they were live on ${day}, written by \`datadog-org-connections discover\`. ` +
          `\`pulumi preview\` announces each as taken over, \`pulumi up\` takes them into the state and writes nothing at Datadog.`,
      ),
      ...plan.remarks.flatMap((remark) => ["//", ...commentLines(remark)]),
    ],
    organizationsOf(plan),
    ...(plan.form === "single" ? singles(plan) : plan.sharing.map(setOf)),
  ];
  const [head = [], ...rest] = blocks;
  const imports =
    plan.form === "single"
      ? `import { OrgConnection, type OrgConnectionArgs } from "pulumi-datadog-org-connections";`
      : `import { OrgConnectionSet } from "pulumi-datadog-org-connections";`;
  return `${[head, [imports], ...rest].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function organizationsOf({ organizations }: Plan): string[] {
  return [
    "/** The destinations: UUIDs by their names at Datadog. */",
    "const organizations = {",
    ...organizations.map(({ label, id }) => `  ${literal(label)}: ${literal(id)},`),
    "};",
  ];
}

function singles({ sharing }: Plan): string[][] {
  return [
    [
      'interface Sharing extends Omit<OrgConnectionArgs, "sinkOrgId"> {',
      "  sink: keyof typeof organizations;",
      "}",
    ],
    [
      "/** Who shares what with whom, by the name of the resource; `source` says whose keys. */",
      "const connections: Record<string, Sharing> = {",
      ...sharing.flatMap((one) => [...headOf(one, "  "), ...one.entries.map((entry) => rowOf(one, entry))]),
      "};",
    ],
    [
      "for (const [name, { sink, ...args }] of Object.entries(connections)) {",
      "  // `adopt` may go once it is in the state; `protect` keeps it from being ended by mistake.",
      "  new OrgConnection(",
      "    name,",
      "    { adopt: true, ...args, sinkOrgId: organizations[sink] },",
      "    { protect: true },",
      "  );",
      "}",
    ],
  ];
}

function rowOf({ source }: Sharing, { resource, sink, connectionTypes }: Entry): string {
  const fields = [
    ...(source === undefined ? [] : [`source: ${literal(source)}`]),
    `sink: ${literal(sink)}`,
    ...(connectionTypes ? [`connectionTypes: ${listOf(connectionTypes)}`] : []),
  ];
  return `  ${literal(resource)}: { ${fields.join(", ")} },`;
}

function setOf(one: Sharing): string[] {
  return [
    ...headOf(one, ""),
    "new OrgConnectionSet(",
    `  ${literal(one.resource)},`,
    "  {",
    ...(one.source === undefined ? [] : [`    source: ${literal(one.source)},`]),
    "    connections: {",
    ...one.entries.map(
      ({ sink, connectionTypes = [] }) =>
        `      [organizations[${literal(sink)}]]: ${listOf(connectionTypes)},`,
    ),
    "    },",
    "    adopt: true,",
    "  },",
    "  { protect: true },",
    ");",
  ];
}

/** Whose data it is. */
function headOf({ label, id }: Sharing, indent: string): string[] {
  const text = label.includes(id) ? literal(label) : `${literal(label)} (${id})`;
  return commentLines(`${text} shares`).map((line) => `${indent}${line}`);
}

const listOf = (types: readonly string[]): string => `[${types.map(literal).join(", ")}]`;
