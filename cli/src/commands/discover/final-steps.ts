import { formatArgument } from "../../shared/text.js";
import { removeInstanceKeys } from "../../stack/terraform-address.js";
import type { FormerOwner } from "./moved-connections.js";
import type { Format, Draft } from "./draft.js";

/**
 * Lists the steps that follow once the stack manages the connections: the tool that managed them before must forget them
 * without deleting them.
 */
export function listFinalSteps(draft: Draft, format: Format): string[] {
  const owners = draft.sources.flatMap(({ entries }) =>
    entries.flatMap(({ owner }) => (owner ? [owner] : [])),
  );
  if (draft.formerTool === "terraform") return listTerraformSteps(owners);
  return draft.formerTool === "pulumi-datadog" && format === "import" ? listStackSteps(owners) : [];
}

function listTerraformSteps(owners: readonly FormerOwner[]): string[] {
  // A removed block names a resource without instance keys, such as `[0]` or `["hub"]`.
  const resources = [...new Set(owners.map(({ address }) => removeInstanceKeys(address)))];
  return [
    `Only then, and before the next apply, remove the resources from the state of Terraform: ` +
      `tofu state rm ${owners.map(({ address }) => formatArgument(address)).join(" ")} (or terraform state rm with the same addresses). ` +
      `After that, delete their resource blocks. Alternatively, replace each resource block with a removed block that has ` +
      `lifecycle { destroy = false }, for ${resources.join(", ")}.`,
  ];
}

function listStackSteps(owners: readonly FormerOwner[]): string[] {
  const stack = owners[0]?.location.split("/").at(-1) ?? "";
  return [
    `Only then, and before the next up of the former stack, run in its project: ` +
      `${owners.map(({ address }) => `pulumi state delete --stack ${formatArgument(stack)} ${formatArgument(address)}`).join("; ")}. ` +
      `After that, delete the declarations of the connections from its program.`,
  ];
}
