import type * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import type { Connection } from "datadog-org-connections-core/api/parse.js";
import { output } from "../resources/sdk.js";
import { organizationId, readLookup, readLookupLater, text } from "./arguments.js";
import { programSession } from "./program-sessions.js";

/** Which connections. */
export interface GetOrgConnectionsArgs {
  /** Whose keys look: a name in the stack's configuration or environment. Default: the default keys. */
  source?: string;
  /** Only those to this organization, a UUID. */
  sinkOrgId?: string;
  /** Only those from this organization, a UUID. */
  sourceOrgId?: string;
}

const FUNCTION = "getOrgConnections";
const ARGUMENTS = v.object({ source: text, sinkOrgId: organizationId, sourceOrgId: organizationId });

/**
 * The live connections in which the keys' organization is source or sink, whoever made them. One complete listing per
 * organization and process; filters are applied to it here.
 */
export async function getOrgConnections(args: GetOrgConnectionsArgs = {}): Promise<Connection[]> {
  const { source: from, sinkOrgId, sourceOrgId } = readLookup(FUNCTION, args, ARGUMENTS);
  const matches = (id: string | undefined, wanted: string | undefined) =>
    wanted === undefined || id === wanted;
  const { connections } = await programSession(from).listing();
  return connections.filter(
    ({ source, sink }) => matches(sink?.id, sinkOrgId) && matches(source?.id, sourceOrgId),
  );
}

/** {@link getOrgConnections} for arguments that are outputs. */
export function getOrgConnectionsOutput(
  args: { [K in keyof GetOrgConnectionsArgs]: pulumi.Input<NonNullable<GetOrgConnectionsArgs[K]>> } = {},
): pulumi.Output<Connection[]> {
  const known = readLookupLater(FUNCTION, args, ARGUMENTS);
  return output(known).apply((one) => getOrgConnections(one as GetOrgConnectionsArgs));
}
