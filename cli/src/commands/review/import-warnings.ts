import type { Change } from "../../changes/change.js";
import { richText, type RichText } from "../../changes/rich-text.js";
import { formatOwner, formatStateRemoval } from "./owners.js";
import type { Warning } from "./warning.js";

/** Finds changes of connections of which Terraform knows only the ID: the plan replaces them, or changes them unseen. */
export function findImportsById(changes: readonly Change[]): Warning[] {
  return changes.flatMap(({ importedById, connectionId, kind, resource: name, ...rest }): Warning[] => {
    if (importedById === undefined || connectionId === undefined) return [];
    const owner = { ...rest, name };
    const isReplaced = kind === "replace";
    const effect = isReplaced
      ? "So the plan deletes the connection, even if the configuration describes exactly this connection, and creates another one."
      : "So the plan shows neither its destination nor the types that it shares now.";
    const effects = isReplaced
      ? "So the plan deletes the connections, even if the configuration describes exactly these connections, and creates others."
      : "So the plan shows neither their destinations nor the types that they share now.";
    return [
      {
        code: "import-by-id",
        sentence: richText`${formatOwner(owner)} has only the ID of connection ${{ code: connectionId }}: an import with the official provider reads nothing else. ${effect} Do not apply this. ${formatRemedy(importedById, "the connection", richText`Remove ${formatOwner(owner)} from its state without deleting the connection: ${formatStateRemoval(owner)}.`)}`,
        alike: {
          subject: [{ code: name }],
          noun: "resources",
          summarize: (resources) =>
            richText`${resources} have only the IDs of their connections: an import with the official provider reads nothing else. ${effects} Do not apply this. ${formatRemedy(importedById, "the connections", richText`Remove the resources from their states without deleting the connections (${{ code: "terraform state rm" }}, or a ${{ code: "removed" }} block with ${{ code: "destroy = false" }}).`)}`,
        },
      },
    ];
  });
}

/** Formats what to do instead. A plan that imports can still be discarded; later, the state must forget the resource. */
function formatRemedy(
  importedById: NonNullable<Change["importedById"]>,
  connections: "the connection" | "the connections",
  removal: RichText,
): RichText {
  const first =
    importedById === "plan"
      ? richText`Remove the ${{ code: "import" }} block and the resource block from the configuration.`
      : removal;
  return richText`${first} Then adopt ${connections} with this package (${{ code: "adopt: true" }}), or do not manage ${connections === "the connection" ? "it" : "them"} with Terraform.`;
}
