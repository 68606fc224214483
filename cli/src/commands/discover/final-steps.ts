import { formatArgument } from "../../shared/text.js";
import { removeKeys } from "../../stack/terraform-address.js";
import type { FormerOwner } from "./moved-connections.js";
import type { Format, Draft } from "./draft.js";

/**
 * Lists the steps after the stack manages the connections: the tool that managed them before must forget them without deleting
 * them.
 */
export function listFinalSteps(draft: Draft, format: Format): string[] {
  const owners = draft.sources.flatMap(({ entries }) =>
    entries.flatMap(({ owner }) => (owner ? [owner] : [])),
  );
  if (draft.formerTool === "terraform") return listTerraformSteps(owners);
  return draft.formerTool === "pulumi-datadog" && format === "import" ? listStackSteps(owners) : [];
}

function listTerraformSteps(owners: readonly FormerOwner[]): string[] {
  // A removed block names a resource without its keys.
  const resources = [...new Set(owners.map(({ address }) => removeKeys(address)))];
  return [
    `Only then, before the next apply, remove them from the state of Terraform and their resource blocks from its configuration: ` +
      `tofu state rm ${owners.map(({ address }) => formatArgument(address)).join(" ")} (or terraform state rm with the same addresses). Or ` +
      `replace each resource block by a removed block with lifecycle { destroy = false }, for ${resources.join(", ")}.`,
  ];
}

function listStackSteps(owners: readonly FormerOwner[]): string[] {
  const stack = owners[0]?.location.split("/").at(-1) ?? "";
  return [
    `Only then, remove them from the state of their former stack, and their declarations from its program, before its next up: ` +
      `pulumi state delete --stack ${formatArgument(stack)} ${owners.map(({ address }) => formatArgument(address)).join(" ")}.`,
  ];
}
