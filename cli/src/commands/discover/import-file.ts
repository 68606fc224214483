import { buildState } from "datadog-org-connections-core/connection/fields.js";
import {
  INPUT_PROVIDER_LINE,
  OUTPUT_PROVIDER_LINE,
} from "datadog-org-connections-core/host/provider-lines.js";
import { SINGLE_TYPE } from "datadog-org-connections-core/host/type-tokens.js";
import { formatJson } from "../../shared/text.js";
import type { Entry, Draft } from "./draft.js";
import { formatLiteral } from "./literal.js";
import { listResources } from "./plugin-program.js";

/**
 * Formats a file for `pulumi import --file`. The import trusts the file and sends no request. So all facts in the file about a
 * connection in Datadog are from the live lists. The inputs are the same as in the program of `--format program`, so a preview of
 * that program shows no change.
 */
export const formatImportFile = ({ sources, adopt }: Draft): string =>
  `${formatJson({ resources: sources.flatMap(({ source, entries }) => entries.map((entry) => toImportResource({ source, adopt }, entry))) }, 2)}\n`;

function toImportResource(
  { source, adopt }: { source: string | undefined; adopt: boolean },
  { resource, sinkOrgId, connectionTypes, live }: Entry,
) {
  const inputs = { source, sinkOrgId, connectionTypes, ...(adopt && { adopt }) };
  return {
    type: SINGLE_TYPE,
    name: resource,
    id: live.id,
    inputs: { ...inputs, __provider: INPUT_PROVIDER_LINE },
    outputs: { ...buildState(inputs, live), __provider: OUTPUT_PROVIDER_LINE },
  };
}

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
