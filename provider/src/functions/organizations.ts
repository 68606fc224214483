import type * as pulumi from "@pulumi/pulumi";
import type { Organization } from "datadog-org-connections-core/api/parse.js";
import { chooseOrganization, requireNameOrId } from "datadog-org-connections-core/functions/functions.js";
import { output } from "../resources/sdk.js";
import {
  callMocks,
  getProgramSession,
  mockOrganizationSchema,
  mockOrganizationsSchema,
  readFunctionArguments,
  readFunctionOutputArguments,
} from "./program-call.js";

/** The arguments of `getOrganizations`. */
export interface GetOrganizationsArgs {
  /**
   * The organization that provides the credentials, by its name in the stack's configuration or environment.
   *
   * @default the default organization
   */
  source?: string;
}

/** The arguments of `getOrganization`. Either `name` or `id` is required, but not both. */
export interface GetOrganizationArgs extends GetOrganizationsArgs {
  /** The full name, in upper or lower case. */
  name?: string;
  /** The UUID of the organization. */
  id?: string;
}

/**
 * Returns the organizations that the credentials can see: their own organization and the others of the same account
 * (`GET /api/v2/org`). Requires the permission `org_management` or `org_connections_write`.
 *
 * @remarks One request per organization and run of the program.
 * @throws `forbidden`, `credentials-missing`, and the other errors of a request
 *
 * @example
 * const enabled = (await getOrganizations({ source: "payments" })).filter(({ disabled }) => !disabled);
 */
export async function getOrganizations(args: GetOrganizationsArgs = {}): Promise<Organization[]> {
  const read = readFunctionArguments("getOrganizations", args);
  const mocked = await callMocks("getOrganizations", read, mockOrganizationsSchema);
  if (mocked !== undefined) return mocked.organizations;
  return [...(await getProgramSession(read.source).getOrganizations()).organizations];
}

/**
 * Returns one of the organizations of {@link getOrganizations}, for example as a destination.
 *
 * @throws `organization-unknown`, `organization-ambiguous`, `organization-disabled`, each with a list of candidates;
 *   `invalid-input`, and the errors of {@link getOrganizations}
 *
 * @example
 * const { id: sinkOrgId } = await getOrganization({ name: "Observability" });
 */
export async function getOrganization(args: GetOrganizationArgs): Promise<Organization> {
  const read = readFunctionArguments("getOrganization", args);
  // Fail before any request.
  requireNameOrId(read);
  const mocked = await callMocks("getOrganization", read, mockOrganizationSchema);
  if (mocked !== undefined) return mocked;
  return chooseOrganization((await getProgramSession(read.source).getOrganizations()).organizations, read);
}

/** {@link getOrganizations} for arguments that are outputs. The output fails with the same errors. */
export function getOrganizationsOutput(
  args: { [K in keyof GetOrganizationsArgs]: pulumi.Input<NonNullable<GetOrganizationsArgs[K]>> } = {},
): pulumi.Output<Organization[]> {
  const known = readFunctionOutputArguments("getOrganizations", args);
  return output(known).apply((resolved) => getOrganizations(resolved as GetOrganizationsArgs));
}

/** {@link getOrganization} for arguments that are outputs. The output fails with the same errors. */
export function getOrganizationOutput(args: {
  [K in keyof GetOrganizationArgs]: pulumi.Input<NonNullable<GetOrganizationArgs[K]>>;
}): pulumi.Output<Organization> {
  const known = readFunctionOutputArguments("getOrganization", args);
  return output(known).apply((resolved) => getOrganization(resolved as GetOrganizationArgs));
}
