import { reserveName } from "../names.js";
import { formatPortableLiteral } from "./literal.js";
import type { PluginResource, ResourceGroup } from "./resources.js";
import type { ProgramLanguage } from "./program-language.js";

/**
 * Matches a name that can be the key of a resource. `pulumi` is reserved. A resource whose name does not match gets a generated key, and
 * has its name in the field `name`.
 */
const KEY = /^(?!pulumi$)[A-Za-z][A-Za-z0-9_-]{0,99}$/;

/**
 * Formats a value of a program. Each `$` becomes `$$`, because Pulumi YAML replaces `${…}` in a value, and reads `$$` as `$`. In a
 * replacement of `replaceAll`, `$$$$` means `$$`.
 */
const formatValue = (text: string): string => formatPortableLiteral(text.replaceAll("$", "$$$$"));

const formatTypes = (types: readonly string[]): string => `[${types.map(formatValue).join(", ")}]`;

/** How a program in YAML is written. The program can be the file `Main.yaml` or a part of `Pulumi.yaml`. */
export const yaml: ProgramLanguage = {
  comment: "#",
  formatProgram: (groups) => {
    const names = groups.flatMap(({ resources }) => resources.map(({ name }) => name));
    const taken = new Set(names.filter((name) => KEY.test(name)));
    const createKey = (name: string) =>
      KEY.test(name) ? formatPortableLiteral(name) : reserveName(taken, "connection", String(taken.size));
    return ["resources:", ...groups.flatMap((group) => formatGroup(group, createKey))];
  },
};

function formatGroup({ heading, resources }: ResourceGroup, createKey: (name: string) => string): string[] {
  return [
    `  # ${heading}`,
    ...resources.flatMap((resource) => formatResource(resource, createKey(resource.name))),
  ];
}

function formatResource(resource: PluginResource, key: string): string[] {
  const { name, type, source, adopt, formerUrn } = resource;
  const properties = [
    ...(source === undefined ? [] : [`source: ${formatValue(source)}`]),
    ...formatDestinations(resource),
    ...(adopt ? ["adopt: true"] : []),
  ];
  return [
    `  ${key}:`,
    ...(key === formatPortableLiteral(name) ? [] : [`    name: ${formatValue(name)}`]),
    `    type: ${formatValue(type)}`,
    "    properties:",
    ...properties.map((line) => `      ${line}`),
    "    options:",
    "      protect: true",
    ...(formerUrn === undefined ? [] : [`      aliases: [${formatValue(formerUrn)}]`]),
  ];
}

function formatDestinations({ form, destinations }: PluginResource): string[] {
  const [{ id, label, types }] = destinations;
  if (form === "single")
    return [
      `sinkOrgId: ${formatValue(id)} # ${formatPortableLiteral(label)}`,
      ...(types ? [`connectionTypes: ${formatTypes(types)}`] : []),
    ];
  return [
    "connections:",
    ...destinations.map(
      (one) =>
        `  ${formatPortableLiteral(one.id)}: ${formatTypes(one.types ?? [])} # ${formatPortableLiteral(one.label)}`,
    ),
  ];
}
