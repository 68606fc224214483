import { formatArgument, formatCount, joinFirst, pluralize } from "../../shared/text.js";
import { isOwnTool, type ResourceRef } from "../../stack/resources.js";
import { removeInstanceKeys } from "../../stack/terraform-resources.js";
import type { FormerOwner } from "./former-connections.js";
import type { Format, Draft } from "./draft.js";

/** The maximum count of `remaining` resources that a step lists. */
const MAX_ADDRESSES = 10;

/**
 * Lists the steps that follow once the stack manages the connections. The former tool must forget the connections without deleting
 * them. A program for connections of `@pulumi/datadog` needs no such step, because its aliases move the resources within their
 * stack.
 */
export function listFinalSteps(draft: Draft, format: Format): string[] {
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
export function formatRemainingDeclarations(remaining: readonly ResourceRef[]): string {
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
