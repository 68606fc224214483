import { buildState } from "datadog-org-connections-core/connection/fields.js";
import { INPUT_PROVIDER_LINE, OUTPUT_PROVIDER_LINE } from "../../../../provider/src/host/provider-lines.js";
import { SINGLE_TYPE } from "../../../../provider/src/type-tokens.js";
import { formatJson } from "../../shared/text.js";
import type { Entry, Draft } from "./draft.js";

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
