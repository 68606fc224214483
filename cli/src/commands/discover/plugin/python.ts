import { formatPortableLiteral as formatValue } from "./literal.js";
import type { ProgramLanguage } from "./program-language.js";
import type { PluginResource } from "./resources.js";

const formatTypes = (types: readonly string[]): string => `[${types.map(formatValue).join(", ")}]`;

/** How a program in Python with the plugin's SDK is written. */
export const python: ProgramLanguage = {
  comment: "#",
  formatProgram: (groups) => [
    "import pulumi",
    "import pulumi_datadog_org_connections as datadog",
    ...groups.flatMap(({ heading, resources }) => ["", `# ${heading}`, ...resources.flatMap(formatResource)]),
  ],
};

function formatResource(resource: PluginResource): string[] {
  const { form, name, source, adopt, formerUrn } = resource;
  const aliases = formerUrn === undefined ? "" : `, aliases=[${formatValue(formerUrn)}]`;
  const lines = [
    `${formatValue(name)},`,
    ...(source === undefined ? [] : [`source=${formatValue(source)},`]),
    ...formatDestinations(resource),
    ...(adopt ? ["adopt=True,"] : []),
    `opts=pulumi.ResourceOptions(protect=True${aliases}),`,
  ];
  return [
    `datadog.${form === "single" ? "OrgConnection" : "OrgConnectionSet"}(`,
    ...lines.map((line) => `    ${line}`),
    ")",
  ];
}

function formatDestinations({ form, destinations }: PluginResource): string[] {
  const [{ id, label, types }] = destinations;
  if (form === "single")
    return [
      `sink_org_id=${formatValue(id)},  # ${formatValue(label)}`,
      ...(types ? [`connection_types=${formatTypes(types)},`] : []),
    ];
  return [
    "connections={",
    ...destinations.map(
      (one) => `    ${formatValue(one.id)}: ${formatTypes(one.types ?? [])},  # ${formatValue(one.label)}`,
    ),
    "},",
  ];
}
