import { isUuid } from "datadog-org-connections-core/api/uuid.js";
import { isOrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { parseStateOrGet } from "datadog-org-connections-core/host/parse-state.js";
import * as lifecycle from "datadog-org-connections-core/index.js";
import type { PluginContext } from "../plugin-context.js";
import type { Properties } from "../protocol/values.js";
import type { ReadResult } from "./resource-handler.js";

/** Properties of which each state has some. */
const STATE_PROPERTIES = ["sinkOrgId", "createdAt", "connections", "members", "sourceOrgId"];

/**
 * Whether a read is that of an import or of a `get`, where there is no state yet. A state that someone has edited is none of both: a
 * set without its members must not get all connections of its organization.
 */
export const hasNoState = ({
  properties,
  inputs,
}: {
  properties: Properties;
  inputs: Properties | undefined;
}): boolean => inputs === undefined || STATE_PROPERTIES.every((name) => properties[name] == null);

/**
 * Reads a connection for `pulumi import`, for the resource option `import`, or for `get`.
 *
 * @param inputs - undefined in an import; in a `get`, what the program passes
 */
export async function readNewConnection(
  context: PluginContext,
  id: string,
  inputs: Properties | undefined,
): Promise<ReadResult> {
  // A `get` only reads, so the organization may also be the destination.
  if (inputs && isUuid(id.trim().toLowerCase())) {
    const { source } = parseStateOrGet(inputs);
    const result = await readAsGet(context, id.trim(), source);
    if (result) return { id: id.trim(), properties: result.state, inputs: result.inputs };
  }
  const { connectionId, state, inputs: declared } = await lifecycle.findConnectionToImport(context, id);
  return { id: connectionId, properties: state, inputs: declared };
}

/** Reads all connections from an organization as a set. */
export async function readNewSet(context: PluginContext, id: string): Promise<ReadResult> {
  const { state, inputs } = await lifecycle.findSetToImport(context, id);
  return { id: state.sourceOrgId, properties: state, inputs };
}

/** Reads a connection with the credentials of one organization. Returns undefined if others should be searched. */
async function readAsGet(
  context: PluginContext,
  id: string,
  source: string | undefined,
): ReturnType<typeof lifecycle.read> {
  try {
    return await lifecycle.read(context, id, { source });
  } catch (error) {
    const isElsewhere = isOrgConnectionsError(error, "connection-not-found", "credentials-missing");
    if (source === undefined && isElsewhere) return undefined;
    throw error;
  }
}
