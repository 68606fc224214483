import { formatPortableLiteral as formatValue } from "./literal.js";
import type { ProgramLanguage } from "./program-language.js";
import type { PluginResource } from "./resources.js";

const formatTypes = (types: readonly string[]): string =>
  `pulumi.ToStringArray([]string{${types.map(formatValue).join(", ")}})`;

/** How a program in Go with the plugin's SDK is written. */
export const go: ProgramLanguage = {
  comment: "//",
  formatProgram: (groups) => [
    "package main",
    "",
    "import (",
    '\t"github.com/pulumi/pulumi/sdk/v3/go/pulumi"',
    '\tdatadog "pulumi-datadog-org-connections-sdk/sdk/go/datadogorgconnections"',
    ")",
    "",
    "func main() {",
    "\tpulumi.Run(func(ctx *pulumi.Context) error {",
    ...groups.flatMap(({ heading, resources }) => [
      `\t\t// ${heading}`,
      ...resources.flatMap(formatResource),
    ]),
    "\t\treturn nil",
    "\t})",
    "}",
  ],
};

function formatResource(resource: PluginResource): string[] {
  const { form, name, source, adopt, formerUrn } = resource;
  const type = form === "single" ? "OrgConnection" : "OrgConnectionSet";
  const aliases =
    formerUrn === undefined
      ? ""
      : `, pulumi.Aliases([]pulumi.Alias{{URN: pulumi.URN(${formatValue(formerUrn)})}})`;
  const lines = [
    ...(source === undefined ? [] : [`Source: pulumi.String(${formatValue(source)}),`]),
    ...formatDestinations(resource),
    ...(adopt ? ["Adopt: pulumi.Bool(true),"] : []),
  ];
  return [
    `\t\tif _, err := datadog.New${type}(ctx, ${formatValue(name)}, &datadog.${type}Args{`,
    ...lines.map((line) => `\t\t\t${line}`),
    `\t\t}, pulumi.Protect(true)${aliases}); err != nil {`,
    "\t\t\treturn err",
    "\t\t}",
  ];
}

function formatDestinations({ form, destinations }: PluginResource): string[] {
  const [{ id, label, types }] = destinations;
  if (form === "single")
    return [
      `SinkOrgId: pulumi.String(${formatValue(id)}), // ${formatValue(label)}`,
      ...(types ? [`ConnectionTypes: ${formatTypes(types)},`] : []),
    ];
  return [
    "Connections: pulumi.StringArrayMap{",
    ...destinations.map(
      (one) => `\t${formatValue(one.id)}: ${formatTypes(one.types ?? [])}, // ${formatValue(one.label)}`,
    ),
    "},",
  ];
}
