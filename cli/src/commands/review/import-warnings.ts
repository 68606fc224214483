import type { Change } from "../../changes/facts.js";
import { richText, type RichText } from "../../changes/rich-text.js";
import { formatOwner, formatStateRemoval } from "./owners.js";
import type { Warning } from "./warning.js";

/**
 * Finds changes of connections of which Terraform knows only the ID. The plan replaces such a connection, or does not show what the
 * connection shares.
 */
export function findImportsById(changes: readonly Change[]): Warning[] {
  return changes.flatMap(({ importedById, connectionId, kind, resource: name, ...rest }): Warning[] => {
    if (importedById === undefined || connectionId === undefined) return [];
    const owner = { ...rest, name };
    const isReplaced = kind === "replace";
    const effect = isReplaced
      ? "So the plan deletes the connection, even if the configuration describes exactly this connection, and creates another one."
      : "So the plan shows neither the destination of the connection nor its current types.";
    const effects = isReplaced
      ? "So the plan deletes the connections, even if the configuration describes exactly these connections, and creates others."
      : "So the plan shows neither the destinations of the connections nor their current types.";
    return [
      {
        code: "import-by-id",
        sentence: richText`${formatOwner(owner)} has only the ID of connection ${{ code: connectionId }}: an import with the official provider reads nothing else. ${effect} Do not apply this plan. ${formatRemedy(importedById, "the connection", richText`Remove ${formatOwner(owner)} from its state without deleting the connection: ${formatStateRemoval(owner)}.`)}`,
        alike: {
          subject: [{ code: name }],
          noun: "resources",
          summarize: (resources) =>
            richText`${resources} have only the IDs of their connections: an import with the official provider reads nothing else. ${effects} Do not apply this plan. ${formatRemedy(importedById, "the connections", richText`Remove the resources from their states without deleting the connections (${{ code: "terraform state rm" }}, or a ${{ code: "removed" }} block with ${{ code: "destroy = false" }}).`)}`,
        },
      },
    ];
  });
}

/**
 * Formats the remedy. If this plan imports the connection, the plan can be discarded. After an earlier import, the resource must be
 * removed from the state.
 */
function formatRemedy(
  importedById: NonNullable<Change["importedById"]>,
  connections: "the connection" | "the connections",
  removal: RichText,
): RichText {
  const firstStep =
    importedById === "plan"
      ? connections === "the connection"
        ? richText`Remove the ${{ code: "import" }} block and the resource block from the configuration.`
        : richText`Remove the ${{ code: "import" }} blocks and the blocks of these resources from the configuration.`
      : removal;
  return richText`${firstStep} Then adopt ${connections} with ${{ code: "pulumi-datadog-org-connections" }} (${{ code: "adopt: true" }}), or leave ${connections === "the connection" ? "it" : "them"} unmanaged.`;
}
