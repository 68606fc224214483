import { formatArgument, formatCount, joinFirst, pluralize } from "../../shared/text.js";
import { isOwnTool, type ResourceRef } from "../../stack/resources.js";
import { removeInstanceKeys } from "../../stack/terraform-resources.js";
import type { FormerOwner } from "./group-connections.js";
import type { Format, Draft } from "./draft.js";
import type { PluginLanguage } from "./plugin-program.js";

/** The language of a program. A TypeScript program declares dynamic resources. Other programs declare resources of the plugin. */
export type Language = "typescript" | PluginLanguage;

const REFRESH_PREVIEW = "pulumi preview --refresh --expect-no-changes";

/**
 * Formats a summary and the next steps, each on one line. `output` is the file that was written, or undefined for standard output.
 */
export function formatNextSteps(
  draft: Draft,
  { format, output, language = "typescript" }: { format: Format; output?: string; language?: Language },
): string[] {
  const steps = [...listFirstSteps(draft, { format, output, language }), ...listFinalSteps(draft, format)];
  return [
    formatSummary(draft, { format, output, language }),
    ...steps.map((step, at) => `${at + 1}. ${step}`),
  ];
}

/** What was written, where, and in which language. */
interface Written {
  format: Format;
  output: string | undefined;
  language: Language;
}

function formatSummary({ sources, count }: Draft, { format, output, language }: Written): string {
  const what = `${formatCount(count, "connection")} of ${formatCount(sources.length, "organization")}`;
  const file =
    format === "program" ? `${output ?? "The program"} declares` : `${output ?? "The import file"} contains`;
  const project =
    language === "typescript"
      ? "with these packages (npm install pulumi-datadog-org-connections @pulumi/pulumi)"
      : `that has the plugin${language === "yaml" ? "" : " and its SDK"} (docs/guides/plugin.md)`;
  return `${file} ${what}. Next, in a project ${project}, and in a stack with the credentials of each source organization (if one workload identity serves all of them, the \`id\` of each is enough):`;
}

function listFirstSteps(draft: Draft, { format, output, language }: Written): string[] {
  const { sources, form, count, adopt } = draft;
  if (format === "import" && language !== "typescript") {
    return [
      `pulumi import --file ${output ?? "FILE"} --out PROGRAM: reads the connections, adds them to the state, and writes their declarations to PROGRAM. It changes nothing in Datadog.`,
      "Add the declarations to the program.",
      `${REFRESH_PREVIEW}: must show no changes.`,
    ];
  }
  if (format === "import") {
    return [
      "Write the program that declares these resources: run the same command with --format program -o index.ts.",
      `pulumi import --file ${output ?? "FILE"} --generate-code=false: adds the connections to the state without a request to Datadog.`,
      `${REFRESH_PREVIEW}: reads the connections (the import did not read them) and must show no changes.${adopt ? " You can now remove `adopt` from the program." : ""}`,
    ];
  }
  if (!adopt) return listMovingSteps(draft);
  const resources = form === "set" ? sources.length : count;
  return [
    `pulumi preview: must show ${resources} to create (one more for a new stack: the stack itself), report ${pluralize(count, "the connection", `each of the ${formatCount(count, "connection")}`)} as "will adopt", and show nothing else.`,
    `pulumi up: adopts ${pluralize(count, "it", "them")} into the state and changes nothing in Datadog.`,
    `${REFRESH_PREVIEW}: reads the connections and must show no changes. You can now remove \`adopt\` from the program.`,
  ];
}

/** Lists the steps for connections of `@pulumi/datadog`, which move by an alias within their stack. */
function listMovingSteps({ count, remaining }: Draft): string[] {
  return [
    `In one change, add this file to the program of the stack that now manages the connections, and remove the @pulumi/datadog declarations of these connections${formatRemainingDeclarations(remaining)}.`,
    `pulumi preview: must show ${count} to update, and nothing to create or delete except providers of @pulumi/datadog. Check the preview with \`datadog-org-connections review --lookup\`, which must report that nothing stops being shared.`,
    "pulumi up: writes only the state and changes nothing in Datadog.",
    `${REFRESH_PREVIEW}: reads the connections and must show no changes. You can now remove \`aliases\` from the program.`,
  ];
}

/** The maximum count of `remaining` resources that a step lists. */
const MAX_ADDRESSES = 10;

/**
 * Lists the steps that follow once the stack manages the connections. The former tool must forget the connections without deleting
 * them. A program for connections of `@pulumi/datadog` needs no such step, because its aliases move the resources within their
 * stack.
 */
function listFinalSteps(draft: Draft, format: Format): string[] {
  const owners = draft.sources.flatMap(({ entries }) =>
    entries.flatMap(({ owner }) => (owner ? [owner] : [])),
  );
  if (draft.formerTool === "terraform") return listTerraformSteps(owners, draft.remaining);
  return draft.formerTool === "pulumi-datadog" && format === "import"
    ? listStackSteps(owners, draft.remaining)
    : [];
}

/**
 * Formats the declarations with `@pulumi/datadog` that have to stay in the program of the former stack. The result is the end of a
 * sentence about the declarations to remove. It is empty if no declaration has to stay.
 */
function formatRemainingDeclarations(remaining: readonly ResourceRef[]): string {
  const others = remaining.filter((one) => !isOwnTool(one));
  return others.length === 0
    ? ""
    : `, but not those of ${formatRemaining(others)}. A loop or component that also declares one of these has to stay: remove ` +
        "from it only the connections that move";
}

/** Formats the count and the addresses of the resources that have to stay in the state of `--from`. */
function formatRemaining(remaining: readonly ResourceRef[]): string {
  const addresses = remaining.map(({ address, name }) => formatArgument(address === "" ? name : address));
  return `${formatCount(remaining.length, "other resource")} that ${pluralize(remaining.length, "does", "do")} not move: ${joinFirst(addresses, MAX_ADDRESSES)}`;
}

function listTerraformSteps(owners: readonly FormerOwner[], remaining: readonly ResourceRef[]): string[] {
  const step =
    `Only then, and before the next apply, remove the resources from the state of Terraform: ` +
    `tofu state rm ${owners.map(({ address }) => formatArgument(address)).join(" ")} (or terraform state rm with the same addresses).`;
  // A `removed` block has no instance keys, such as `[0]` or `["hub"]`, so it applies to all instances of a resource. It is offered
  // only if no instance has to stay in the state.
  const resources = [...new Set(owners.map(({ address }) => removeInstanceKeys(address)))].filter(
    (resource) => !remaining.some((one) => mayBeOneBlock(one.address, resource)),
  );
  const blocks =
    resources.length === 0
      ? ""
      : ` Instead of running the state command, you can replace the resource blocks with \`removed\` blocks that have lifecycle { destroy = false }, for ${resources.join(", ")}.`;
  if (remaining.length === 0) return [`${step} After that, delete their resource blocks.${blocks}`];
  return [
    `${step} After that, remove their declarations, but not those of ${formatRemaining(remaining)}. A resource block or module that also ` +
      `declares one of these has to stay: remove only the instance keys or the module calls of the connections that have moved.${blocks} The ` +
      `next plan must destroy nothing.`,
  ];
}

/**
 * Whether one resource block may declare the resources of both addresses. The paths of modules are not compared, because two module
 * calls may have the same source.
 *
 * @param remaining - empty if the address cannot be read. Then the resource may be of any block
 */
function mayBeOneBlock(remaining: string, moved: string): boolean {
  const getBlock = (address: string) => removeInstanceKeys(address).split(".").slice(-2).join(".");
  return remaining === "" || getBlock(remaining) === getBlock(moved);
}

function listStackSteps(owners: readonly FormerOwner[], remaining: readonly ResourceRef[]): string[] {
  const stack = owners[0]?.location.split("/").at(-1) ?? "";
  return [
    `Only then, and before the next up of the former stack, run in its project: ` +
      `${owners.map(({ address }) => `pulumi state delete --stack ${formatArgument(stack)} ${formatArgument(address)}`).join("; ")}. ` +
      `After that, remove the declarations of these connections from its program${formatRemainingDeclarations(remaining)}. ` +
      `The next preview of that stack must delete nothing except providers of @pulumi/datadog.`,
  ];
}
