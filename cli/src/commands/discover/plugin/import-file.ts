import { formatJson } from "../../../shared/text.js";
import type { Draft } from "../draft.js";
import { listResources } from "./resources.js";

/**
 * Formats a file for `pulumi import --file`. The plugin reads what it imports, so the file has the type, name and ID of each
 * resource, and no properties.
 */
export const formatPluginImportFile = (draft: Draft): string => {
  const resources = listResources(draft).flatMap((group) => group.resources);
  return `${formatJson({ resources: resources.map(({ type, name, importId }) => ({ type, name, id: importId })) }, 2)}\n`;
};
