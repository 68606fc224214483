import type * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../client/parse.js";
import { output } from "../resources/sdk.js";
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

/**
 * The live connections in which the keys' organization is source or sink, whoever made them. One complete listing per
 * organization and process; filters are applied to it here.
 */
export async function getOrgConnections(args: GetOrgConnectionsArgs = {}): Promise<Connection[]> {
  const matches = (id: string | undefined, wanted: string | undefined) =>
    wanted === undefined || id === wanted.trim().toLowerCase();
  const { connections } = await programSession(args.source).listing();
  return connections.filter(
    ({ source, sink }) => matches(sink?.id, args.sinkOrgId) && matches(source?.id, args.sourceOrgId),
  );
}

/** {@link getOrgConnections} for arguments that are outputs. */
export function getOrgConnectionsOutput(
  args: { [K in keyof GetOrgConnectionsArgs]: pulumi.Input<NonNullable<GetOrgConnectionsArgs[K]>> } = {},
): pulumi.Output<Connection[]> {
  return output(args).apply((known) => getOrgConnections(known as GetOrgConnectionsArgs));
}
