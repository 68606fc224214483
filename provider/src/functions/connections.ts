import type * as pulumi from "@pulumi/pulumi";
import type { Connection } from "datadog-org-connections-core/api/parse.js";
import { output } from "../resources/sdk.js";
import { readLookup, readLookupLater, readOrganizationId } from "./arguments.js";
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
const ARGUMENTS = ["source", "sinkOrgId", "sourceOrgId"] as const;

/**
 * The live connections in which the keys' organization is source or sink, whoever made them. One complete listing per
 * organization and process; filters are applied to it here.
 */
export async function getOrgConnections(args: GetOrgConnectionsArgs = {}): Promise<Connection[]> {
  const read = readLookup(FUNCTION, args, ARGUMENTS);
  const sinkOrgId = readOrganizationId(FUNCTION, "sinkOrgId", read.sinkOrgId);
  const sourceOrgId = readOrganizationId(FUNCTION, "sourceOrgId", read.sourceOrgId);
  const matches = (id: string | undefined, wanted: string | undefined) =>
    wanted === undefined || id === wanted;
  const { connections } = await programSession(read.source).listing();
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
