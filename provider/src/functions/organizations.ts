import { formatCount } from "datadog-org-connections-core/api/format-count.js";
import type * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import type { Organization } from "datadog-org-connections-core/api/parse-organizations.js";
import { encodeText } from "datadog-org-connections-core/api/escape-text.js";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { output } from "../resources/sdk.js";
import { readFunctionArguments, readFunctionOutputArguments, stringArgument } from "./arguments.js";
import { callMocks, mockOrganizationSchema, mockOrganizationsSchema } from "./mocks.js";
import { getProgramSession } from "./program-session.js";

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

const ORGANIZATION_ARGUMENTS = v.object({ name: stringArgument, id: stringArgument, source: stringArgument });
const ORGANIZATIONS_ARGUMENTS = v.object({ source: stringArgument });

/**
 * Returns the organizations that the credentials can see: their own organization and the others of the same account
 * (`GET /api/v2/org`). Requires the permission `org_management` or `org_connections_write`.
 *
 * @remarks One request per organization and process.
 * @throws `forbidden`, `credentials-missing`, and the other errors of a request
 *
 * @example
 * const enabled = (await getOrganizations({ source: "payments" })).filter(({ disabled }) => !disabled);
 */
export async function getOrganizations(args: GetOrganizationsArgs = {}): Promise<Organization[]> {
  const read = readFunctionArguments("getOrganizations", args, ORGANIZATIONS_ARGUMENTS);
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
  const read = readFunctionArguments("getOrganization", args, ORGANIZATION_ARGUMENTS);
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
  const known = readFunctionOutputArguments("getOrganizations", args, ORGANIZATIONS_ARGUMENTS);
  return output(known).apply((resolved) => getOrganizations(resolved as GetOrganizationsArgs));
}

/** {@link getOrganization} for arguments that are outputs. The output fails with the same errors. */
export function getOrganizationOutput(args: {
  [K in keyof GetOrganizationArgs]: pulumi.Input<NonNullable<GetOrganizationArgs[K]>>;
}): pulumi.Output<Organization> {
  const known = readFunctionOutputArguments("getOrganization", args, ORGANIZATION_ARGUMENTS);
  return output(known).apply((resolved) => getOrganization(resolved as GetOrganizationArgs));
}

/** The name or UUID of the requested organization. */
type OrganizationFilter = Pick<v.InferOutput<typeof ORGANIZATION_ARGUMENTS>, "name" | "id">;

function requireNameOrId(args: OrganizationFilter): void {
  if ((args.name === undefined) !== (args.id === undefined)) return;
  throw new OrgConnectionsError("invalid-input", "getOrganization takes either `name` or `id`.");
}

/** Chooses the requested organization. Exported for tests. */
export function chooseOrganization(
  organizations: readonly Organization[],
  args: OrganizationFilter,
): Organization {
  requireNameOrId(args);
  const { name, id } = args;
  // Names from the API have their invisible characters escaped, so escape them here too.
  const expected = encodeText((name ?? id ?? "").trim()).toLowerCase();
  const what = name === undefined ? `the ID ${expected}` : `the name "${encodeText(name)}"`;
  const matches = organizations.filter(
    (org) => (name === undefined ? org.id : org.name.trim().toLowerCase()) === expected,
  );
  const [match] = matches;
  if (!match) {
    throw new OrgConnectionsError(
      "organization-unknown",
      `No organization that these credentials can see has ${what}. They can see: ${formatCandidates(organizations)}.`,
    );
  }
  if (matches.length > 1) {
    throw new OrgConnectionsError("organization-ambiguous", {
      happened: `${formatCount(matches.length, "organization")} have ${what}: ${formatCandidates(matches)}.`,
      advice: "Pass the `id` of one of them instead.",
    });
  }
  if (match.disabled) {
    throw new OrgConnectionsError(
      "organization-disabled",
      `The organization with ${what} (${match.id}) is disabled, so it cannot have connections. ` +
        `Enabled organizations: ${formatCandidates(organizations.filter(({ disabled }) => !disabled))}.`,
    );
  }
  return match;
}

/** The maximum count of organizations in a message. */
const MAX_SHOWN = 20;

function formatCandidates(organizations: readonly Organization[]): string {
  const shown = organizations
    .slice(0, MAX_SHOWN)
    .map(({ name, id, disabled }) => `${name} (${id}${disabled ? ", disabled" : ""})`);
  const more = organizations.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(", ") || "none";
}
