import type * as pulumi from "@pulumi/pulumi";
import type { Connection } from "datadog-org-connections-core/api/parse.js";
import { listMatchingConnections } from "datadog-org-connections-core/functions/functions.js";
import { output } from "../resources/sdk.js";
import {
  callMocks,
  getProgramSession,
  mockConnectionsSchema,
  readFunctionArguments,
  readFunctionOutputArguments,
} from "./program-call.js";

/** The arguments of `getOrgConnections`. */
export interface GetOrgConnectionsArgs {
  /**
   * The organization that provides the credentials, by its name in the stack's configuration or environment.
   *
   * @default the default organization
   */
  source?: string;
  /** Return only connections to this organization (a UUID). */
  sinkOrgId?: string;
  /** Return only connections from this organization (a UUID). */
  sourceOrgId?: string;
}

const FUNCTION = "getOrgConnections";

/**
 * Returns the live connections from and to the organization of the credentials, including unmanaged connections.
 *
 * @remarks The complete list is requested once per organization and run of the program; the filters are applied here.
 * @throws `invalid-input`, `unauthenticated`, `credentials-missing`, `incomplete-listing`, and the other errors of a request
 *
 * @example
 * const toHub = await getOrgConnections({ source: "payments", sinkOrgId: hubId });
 */
export async function getOrgConnections(args: GetOrgConnectionsArgs = {}): Promise<Connection[]> {
  const read = readFunctionArguments(FUNCTION, args);
  const mocked = await callMocks(FUNCTION, read, mockConnectionsSchema);
  if (mocked !== undefined) return mocked.connections;
  return listMatchingConnections((await getProgramSession(read.source).getListing()).connections, read);
}

/** {@link getOrgConnections} for arguments that are outputs. The output fails with the same errors. */
export function getOrgConnectionsOutput(
  args: { [K in keyof GetOrgConnectionsArgs]: pulumi.Input<NonNullable<GetOrgConnectionsArgs[K]>> } = {},
): pulumi.Output<Connection[]> {
  const known = readFunctionOutputArguments(FUNCTION, args);
  return output(known).apply((resolved) => getOrgConnections(resolved as GetOrgConnectionsArgs));
}
