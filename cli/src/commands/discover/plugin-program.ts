import { PLUGIN_SET_TYPE, PLUGIN_SINGLE_TYPE } from "datadog-org-connections-core/host/type-tokens.js";
import { reserveName, type Draft, type Form } from "./draft.js";
import { formatComment, formatLiteral, formatPortableLiteral } from "./literal.js";

/**
 * How a program for the plugin is written in a language. Untrusted strings appear only in literals (`text`) and in comments of one
 * line.
 */
interface Language {
  /** The characters that start a line comment. */
  comment: string;
  /** The lines before and after all resources. */
  head: readonly string[];
  foot: readonly string[];
  /** The lines before the comment that names the source of a group. */
  gap: readonly string[];
  /** The indentation of that comment, and of the fields of a resource. */
  indent: string;
  fieldIndent: string;
  /** Formats the literal of a string, the value of a field that is a string, and the value of `connectionTypes`. */
  text: (text: string) => string;
  string: (literal: string) => string;
  list: (literals: readonly string[]) => string;
  true: string;
  /** Formats a field with its value, from its name in the schema, such as `sinkOrgId`. */
  field: (name: string, value: string) => string;
  /** The lines around the members of the field `connections`, and one member, with the space before its comment. */
  map: readonly [open: string, close: readonly string[]];
  member: (id: string, types: string) => string;
  commentGap: string;
  /** Formats the lines before and after the fields of a resource. */
  open: (resource: PluginResource, getKey: (name: string) => string) => string[];
  close: (formerUrn: string | undefined) => string[];
}

/**
 * Matches a name that can be the key of a resource in YAML. `pulumi` is reserved. A resource whose name does not match gets a generated
 * key, and has its name in the field `name`.
 */
const KEY = /^(?!pulumi$)[A-Za-z][A-Za-z0-9_-]{0,99}$/;

/**
 * Formats a value in YAML. Each `$` becomes `$$`, because Pulumi YAML replaces `${…}` in a value, and reads `$$` as `$`. In a
 * replacement of `replaceAll`, `$$$$` means `$$`.
 */
const formatYamlValue = (text: string): string => formatPortableLiteral(text.replaceAll("$", "$$$$"));

const getClass = ({ form }: PluginResource): string =>
  form === "single" ? "OrgConnection" : "OrgConnectionSet";

const LANGUAGES = {
  // The program can be the file `Main.yaml` or a part of `Pulumi.yaml`.
  yaml: {
    comment: "#",
    head: ["resources:"],
    foot: [],
    gap: [],
    indent: "  ",
    fieldIndent: "      ",
    text: formatYamlValue,
    string: (literal) => literal,
    list: (literals) => `[${literals.join(", ")}]`,
    true: "true",
    field: (name, value) => `${name}: ${value}`,
    map: ["connections:", []],
    // The key of a member is not interpolated.
    member: (id, types) => `  ${formatPortableLiteral(id)}: ${types}`,
    commentGap: " ",
    open: ({ name, type }, getKey) => {
      const key = getKey(name);
      return [
        `  ${key}:`,
        ...(key === formatPortableLiteral(name) ? [] : [`    name: ${formatYamlValue(name)}`]),
        `    type: ${formatYamlValue(type)}`,
        "    properties:",
      ];
    },
    close: (formerUrn) => [
      "    options:",
      "      protect: true",
      ...(formerUrn === undefined ? [] : [`      aliases: [${formatYamlValue(formerUrn)}]`]),
    ],
  },
  python: {
    comment: "#",
    head: ["import pulumi", "import pulumi_datadog_org_connections as datadog"],
    foot: [],
    gap: [""],
    indent: "",
    fieldIndent: "    ",
    text: formatPortableLiteral,
    string: (literal) => literal,
    list: (literals) => `[${literals.join(", ")}]`,
    true: "True",
    field: (name, value) => `${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}=${value},`,
    map: ["connections={", ["},"]],
    member: (id, types) => `    ${formatPortableLiteral(id)}: ${types},`,
    commentGap: "  ",
    open: (resource) => [`datadog.${getClass(resource)}(`, `    ${formatPortableLiteral(resource.name)},`],
    close: (formerUrn) => {
      const aliases = formerUrn === undefined ? "" : `, aliases=[${formatPortableLiteral(formerUrn)}]`;
      return [`    opts=pulumi.ResourceOptions(protect=True${aliases}),`, ")"];
    },
  },
  go: {
    comment: "//",
    head: [
      "package main",
      "",
      "import (",
      '\t"github.com/pulumi/pulumi/sdk/v3/go/pulumi"',
      '\tdatadog "pulumi-datadog-org-connections-sdk/sdk/go/datadogorgconnections"',
      ")",
      "",
      "func main() {",
      "\tpulumi.Run(func(ctx *pulumi.Context) error {",
    ],
    foot: ["\t\treturn nil", "\t})", "}"],
    gap: [],
    indent: "\t\t",
    fieldIndent: "\t\t\t",
    text: formatPortableLiteral,
    string: (literal) => `pulumi.String(${literal})`,
    list: (literals) => `pulumi.ToStringArray([]string{${literals.join(", ")}})`,
    true: "pulumi.Bool(true)",
    field: (name, value) => `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${value},`,
    map: ["Connections: pulumi.StringArrayMap{", ["},"]],
    member: (id, types) => `\t${formatPortableLiteral(id)}: ${types},`,
    commentGap: " ",
    open: (resource) => [
      `\t\tif _, err := datadog.New${getClass(resource)}(ctx, ${formatPortableLiteral(resource.name)}, &datadog.${getClass(resource)}Args{`,
    ],
    close: (formerUrn) => {
      const aliases =
        formerUrn === undefined
          ? ""
          : `, pulumi.Aliases([]pulumi.Alias{{URN: pulumi.URN(${formatPortableLiteral(formerUrn)})}})`;
      return [`\t\t}, pulumi.Protect(true)${aliases}); err != nil {`, "\t\t\treturn err", "\t\t}"];
    },
  },
} satisfies Record<string, Language>;

/** A language in which `discover` writes programs for the plugin. */
export type PluginLanguage = keyof typeof LANGUAGES;

/**
 * Formats a draft as a program for the plugin.
 *
 * @param day - when the connections were read: `2026-11-25`
 */
export function formatPluginProgram(draft: Draft, name: PluginLanguage, day: string): string {
  const language: Language = LANGUAGES[name];
  const { comment, head, foot, gap, indent } = language;
  const remarks = [
    `Declares, with the plugin datadog-org-connections, the cross-organization connections that were live on ${day}. Written by ` +
      `\`datadog-org-connections discover\`. ${describeUp(draft)}`,
    ...draft.remarks,
  ];
  const comments = remarks.flatMap((text, at) => [
    ...(at === 0 ? [] : [comment]),
    ...formatComment(text).map((line) => line.replace("//", comment)),
  ]);
  const groups = listResources(draft);
  const getKey = createKeys(groups);
  const resources = groups.flatMap((group) => [
    ...gap,
    `${indent}${comment} ${group.heading}`,
    ...group.resources.flatMap((resource) => [
      ...language.open(resource, getKey),
      ...listFields(resource, language).map((line) => `${language.fieldIndent}${line}`),
      ...language.close(resource.formerUrn),
    ]),
  ]);
  return `${[...comments, "", ...head, ...resources, ...foot].join("\n")}\n`;
}

/** Lists the lines of the fields of a resource. */
function listFields({ form, source, destinations, adopt }: PluginResource, language: Language): string[] {
  const { text, string, list, field, map, member, comment, commentGap } = language;
  const [{ id, label, types }] = destinations;
  const formatLabel = (name: string) => `${commentGap}${comment} ${formatPortableLiteral(name)}`;
  const formatTypes = (all: readonly string[] = []) => list(all.map(text));
  const sinks =
    form === "single"
      ? [
          `${field("sinkOrgId", string(text(id)))}${formatLabel(label)}`,
          ...(types ? [field("connectionTypes", formatTypes(types))] : []),
        ]
      : [
          map[0],
          ...destinations.map((one) => `${member(one.id, formatTypes(one.types))}${formatLabel(one.label)}`),
          ...map[1],
        ];
  return [
    ...(source === undefined ? [] : [field("source", string(text(source)))]),
    ...sinks,
    ...(adopt ? [field("adopt", language.true)] : []),
  ];
}

/** Creates a function that returns the key of a resource in YAML: its name if possible, or else a generated one. */
function createKeys(groups: readonly ResourceGroup[]): (name: string) => string {
  const names = groups.flatMap(({ resources }) => resources.map(({ name }) => name));
  const taken = new Set(names.filter((name) => KEY.test(name)));
  return (name) =>
    KEY.test(name) ? formatPortableLiteral(name) : reserveName(taken, "connection", String(taken.size));
}

const describeUp = ({ adopt }: Draft): string =>
  adopt
    ? "`pulumi preview` reports that each connection will be adopted. `pulumi up` adopts the connections into the state and changes nothing in " +
      "Datadog. Then remove `adopt`."
    : "The connections move from @pulumi/datadog. `pulumi up` writes only the state and changes nothing in Datadog. Then remove the aliases.";

/** A destination of a resource. */
interface Destination {
  id: string;
  /** Its label (`createLabels`), for a comment. */
  label: string;
  /** If absent, the types are unspecified. */
  types?: readonly string[] | undefined;
}

/** A resource of the plugin, as the program declares it. */
interface PluginResource {
  name: string;
  form: Form;
  type: string;
  source?: string | undefined;
  destinations: [Destination, ...Destination[]];
  adopt: boolean;
  /** The URN of the resource from which the connection moves. */
  formerUrn?: string | undefined;
  /** The ID for `pulumi import`: the UUID of the connection, or of the source organization of a set. */
  importId: string;
}

/** The resources of one source organization. */
interface ResourceGroup {
  /** The text of a comment with the name of the organization. */
  heading: string;
  resources: PluginResource[];
}

/** Lists the resources of the plugin that declare the connections of a draft, by source organization. */
export const listResources = ({ form, adopt, sources }: Draft): ResourceGroup[] =>
  sources.map(({ label, id, source, resource, entries }): ResourceGroup => {
    const heading = `From ${label.includes(id) ? formatLiteral(label) : `${formatLiteral(label)} (${id})`}`;
    const destinations = entries.map(({ sink, sinkOrgId, connectionTypes }): Destination => ({
      id: sinkOrgId,
      label: sink,
      types: connectionTypes,
    }));
    const [first, ...others] = destinations;
    if (form === "single" || !first)
      return {
        heading,
        resources: entries.flatMap(({ resource: name, live, owner }, at) => {
          const destination = destinations[at];
          const formerUrn = adopt ? undefined : owner?.address;
          const common = {
            name,
            form,
            type: PLUGIN_SINGLE_TYPE,
            source,
            adopt,
            formerUrn,
            importId: live.id,
          };
          return destination ? [{ ...common, destinations: [destination] }] : [];
        }),
      };
    const set = { name: resource, form, type: PLUGIN_SET_TYPE, source, adopt, importId: id };
    return { heading, resources: [{ ...set, destinations: [first, ...others] }] };
  });
