import { formatJson } from "../../../shared/text.js";
import type { Draft } from "../draft.js";
import { formatLiteral } from "../literal.js";
import { listResources } from "./resources.js";

/**
 * Formats a file for `pulumi import --file`. The import reads the properties of each resource from Datadog, so the file has only the type,
 * name and ID of each resource.
 *
 * @throws if the import of a set would include connections that the draft omits
 */
export const formatPluginImportFile = (draft: Draft): string => {
  const partial = draft.sources.flatMap(({ label, hasOmitted }) => (hasOmitted ? [label] : []));
  if (draft.form === "set" && partial.length > 0) {
    throw new Error(
      `The import of a set includes all connections from its source organization, but this command omits some connections from ` +
        `${partial.map(formatLiteral).join(", ")}. Select other organizations with --source, or omit --form set or --format import.`,
    );
  }
  const resources = listResources(draft).flatMap((group) => group.resources);
  return `${formatJson({ resources: resources.map(({ type, name, importId }) => ({ type, name, id: importId })) }, 2)}\n`;
};
