import { isUuid } from "datadog-org-connections-core/text/data.js";
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
 * Reads a connection for `pulumi import`, for the resource option `import`, or for `get`. With `source`, which only a `get` has, that
 * organization may also be the destination, because a `get` changes nothing. A `get` claims nothing either, so that an exclusive set still
 * deletes the connection.
 */
export async function readNewConnection(
  context: PluginContext,
  id: string,
  properties: Properties,
  { isGet }: { isGet: boolean },
): Promise<ReadResult | undefined> {
  const { source } = parseStateOrGet(properties);
  const connectionId = id.trim().toLowerCase();
  if (source !== undefined && isUuid(connectionId)) {
    const result = await lifecycle.read(context, connectionId, { source });
    return result && { id: connectionId, properties: result.state, inputs: result.inputs };
  }
  const found = await lifecycle.findConnectionToImport(context, id);
  if (!isGet) context.ledger.claim(found.connectionId, found.state.source);
  return { id: found.connectionId, properties: found.state, inputs: found.inputs };
}

/** Reads all connections from an organization as a set, for an import or for `get`. */
export async function readNewSet(
  context: PluginContext,
  id: string,
  { isGet }: { isGet: boolean },
): Promise<ReadResult> {
  const { state, inputs } = await lifecycle.findSetToImport(context, id, { isGet });
  if (!isGet)
    for (const { id: connectionId } of Object.values(state.members))
      context.ledger.claim(connectionId, state.source);
  return { id: state.sourceOrgId, properties: state, inputs };
}
