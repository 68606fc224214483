import type * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import type { Organization } from "datadog-org-connections-core/api/parse.js";
import { encodeText } from "datadog-org-connections-core/api/invisible.js";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { output } from "../resources/sdk.js";
import { readLookup, readLookupLater, text } from "./arguments.js";
import { programSession } from "./program-sessions.js";

/** Whose keys look. */
export interface GetOrganizationsArgs {
  /** An organization's name in the stack's configuration or environment. Default: the default keys. */
  source?: string;
}

/** Which organization: by name or by UUID, not both. */
export interface GetOrganizationArgs extends GetOrganizationsArgs {
  /** The whole name, upper and lower case aside. */
  name?: string;
  /** UUID. */
  id?: string;
}

const OF_ONE = v.object({ name: text, id: text, source: text });
const OF_ALL = v.object({ source: text });

/**
 * The organizations that the keys can see: their own and those of its account (`GET /api/v2/org`). Needs the
 * permission `org_management` or `org_connections_write`. One request per organization and process.
 *
 * @throws `forbidden`, `keys-missing`, and what else the client throws
 */
export async function getOrganizations(args: GetOrganizationsArgs = {}): Promise<Organization[]> {
  const { source } = readLookup("getOrganizations", args, OF_ALL);
  return (await programSession(source).organizations()).organizations;
}

/**
 * One organization, to be a sink: `sinkOrgId: (await getOrganization({ name: "Observability" })).id`.
 *
 * @throws `organization-unknown`, `organization-ambiguous`, `organization-disabled`, each with the candidates
 */
export async function getOrganization(args: GetOrganizationArgs): Promise<Organization> {
  const read = readLookup("getOrganization", args, OF_ONE);
  // Before any request.
  refuseUnclear(read);
  return choose((await programSession(read.source).organizations()).organizations, read);
}

/** {@link getOrganizations} for arguments that are outputs. */
export function getOrganizationsOutput(
  args: { [K in keyof GetOrganizationsArgs]: pulumi.Input<NonNullable<GetOrganizationsArgs[K]>> } = {},
): pulumi.Output<Organization[]> {
  const known = readLookupLater("getOrganizations", args, OF_ALL);
  return output(known).apply((one) => getOrganizations(one as GetOrganizationsArgs));
}

/** {@link getOrganization} for arguments that are outputs. */
export function getOrganizationOutput(args: {
  [K in keyof GetOrganizationArgs]: pulumi.Input<NonNullable<GetOrganizationArgs[K]>>;
}): pulumi.Output<Organization> {
  const known = readLookupLater("getOrganization", args, OF_ONE);
  return output(known).apply((one) => getOrganization(one as GetOrganizationArgs));
}

/** Which one is asked for. */
type Asked = Pick<v.InferOutput<typeof OF_ONE>, "name" | "id">;

function refuseUnclear(args: Asked): void {
  if ((args.name === undefined) !== (args.id === undefined)) return;
  throw new OrgConnectionsError("invalid-input", "getOrganization takes either `name` or `id`.");
}

/** The one organization that is meant. Exported for tests. */
export function choose(organizations: readonly Organization[], args: Asked): Organization {
  refuseUnclear(args);
  const { name, id } = args;
  // A name of the API arrives with its invisible characters escaped.
  const wanted = encodeText((name ?? id ?? "").trim()).toLowerCase();
  const what = name === undefined ? `the id ${wanted}` : `the name "${encodeText(name)}"`;
  const matches = organizations.filter(
    (org) => (name === undefined ? org.id : org.name.trim().toLowerCase()) === wanted,
  );
  const [match] = matches;
  if (!match) {
    throw new OrgConnectionsError(
      "organization-unknown",
      `No organization with ${what} is among those the keys can see: ${candidates(organizations)}.`,
    );
  }
  if (matches.length > 1) {
    throw new OrgConnectionsError("organization-ambiguous", {
      happened: `${matches.length} organizations have ${what}: ${candidates(matches)}.`,
      advice: "Name the one by `id`.",
    });
  }
  if (match.disabled) {
    throw new OrgConnectionsError(
      "organization-disabled",
      `The organization with ${what} (${match.id}) is disabled and can be no end of a connection. ` +
        `Enabled: ${candidates(organizations.filter(({ disabled }) => !disabled))}.`,
    );
  }
  return match;
}

const SHOWN = 20;

function candidates(organizations: readonly Organization[]): string {
  const shown = organizations
    .slice(0, SHOWN)
    .map(({ name, id, disabled }) => `${name} (${id}${disabled ? ", disabled" : ""})`);
  const more = organizations.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(", ") || "none";
}
