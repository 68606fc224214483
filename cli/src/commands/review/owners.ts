import type { Change } from "../../changes/facts.js";
import { joinList, richText, type RichText } from "../../changes/rich-text.js";
import { pluralize, formatArgument } from "../../shared/text.js";
import { removeInstanceKeys } from "../../stack/terraform-resources.js";
import { isOwnTool, type ResourceRef, type Tool } from "../../stack/resources.js";

/**
 * Formats a resource with its location and, for `@pulumi/datadog` and the plugin, the tool: `hub` (`@pulumi/datadog`, acme/dev).
 */
export function formatOwner({ tool, location, name }: ResourceRef): RichText {
  const where = { untrusted: location };
  if (tool === "pulumi-datadog")
    return richText`${{ code: name }} (${{ code: "@pulumi/datadog" }}, ${where})`;
  if (tool === "datadog-org-connections-plugin") return richText`${{ code: name }} (plugin, ${where})`;
  return richText`${{ code: name }} (${where})`;
}

/** Formats how to remove a resource from its state without deleting the connection. */
export function formatStateRemoval({ tool, address, ...resource }: ResourceRef): RichText {
  if (tool === "terraform") {
    return richText`${{ code: `terraform state rm ${formatArgument(address)}` }}, or a ${{ code: "removed" }} block with ${{ code: `from = ${removeInstanceKeys(address)}` }} and ${{ code: "lifecycle { destroy = false }" }} (with OpenTofu, use ${{ code: "tofu" }})`;
  }
  const command: RichText = [{ code: `pulumi state delete ${formatArgument(address)}` }];
  return isOwnTool({ tool, ...resource })
    ? command
    : richText`${command} (or, if the resource that keeps the connection is in the same stack, give it an alias with the type ${{ code: "datadog:index/orgConnection:OrgConnection" }}: the alias moves the state of ${{ code: resource.name }} to it)`;
}

/** Formats what other resources do to the same connection, as an addition to a sentence. */
export function formatOwnerConflict({ otherOwners, deletedBy, mayBeRecreated }: Change): RichText {
  if (otherOwners !== undefined)
    return richText`; ${joinList(otherOwners.map(formatOwner))}, which ${pluralize(otherOwners.length, "manages", "manage")} or may adopt the same connection, ${pluralize(otherOwners.length, "does", "do")} not prevent the deletion${mayBeRecreated === true ? ", but may create the connection again" : ""}`;
  if (deletedBy === undefined) return richText``;
  return richText`; but ${joinList(deletedBy.map(formatOwner))} ${pluralize(deletedBy.length, "deletes or may delete", "delete or may delete")} the connection of this pair (see Warnings)`;
}

/** Formats the command that applies the changes of a resource. */
export const formatRun = (tool: Tool): RichText => [
  { code: tool === "terraform" ? "terraform apply" : "pulumi up" },
];

/** Formats what to do if the pair of a resource already has a connection. */
export function formatCollisionAdvice(tool: Tool): RichText {
  switch (tool) {
    case "terraform":
      return richText`For a renamed resource, use a ${{ code: "moved" }} block. Do not use an ${{ code: "import" }} block: the official provider reads only the ID, so the plan replaces the connection.`;
    case "pulumi-datadog":
      return richText`For a renamed resource, set ${{ code: "aliases" }}. For a forced replacement, set ${{ code: "deleteBeforeReplace: true" }}.`;
    case "datadog-org-connections":
    case "datadog-org-connections-plugin":
      return richText`For a renamed resource, set ${{ code: "aliases" }}. For a forced replacement, set ${{ code: "deleteBeforeReplace: true" }}. To adopt the connection, set ${{ code: "adopt: true" }}.`;
  }
}

/** Returns the noun for the place where a resource is managed. */
export const formatPlace = ({ tool }: Pick<Change, "tool">): string =>
  tool === "terraform" ? "state" : "stack";
