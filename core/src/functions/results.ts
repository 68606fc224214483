import { encodeText } from "../text/escape-text.js";
import { formatCount, joinFirst } from "../text/phrases.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import type { Organization, Connection } from "../api/parse.js";
import type { FunctionArguments } from "./arguments.js";

/** The arguments that select an organization. */
type OrganizationFilter = Pick<FunctionArguments<"getOrganization">, "name" | "id">;

/** Requires exactly one of the arguments `name` and `id` of `getOrganization`. @throws `invalid-input` */
export function requireNameOrId(args: OrganizationFilter): void {
  if ((args.name === undefined) !== (args.id === undefined)) return;
  throw new OrgConnectionsError("invalid-input", "getOrganization requires exactly one of `name` and `id`.", {
    property: args.name === undefined ? "name" : "id",
  });
}

/**
 * Chooses the requested organization.
 *
 * @throws `organization-unknown`, `organization-ambiguous`, `organization-disabled`, each with a list of candidates;
 *   `invalid-input`
 */
export function chooseOrganization(
  organizations: readonly Organization[],
  args: OrganizationFilter,
): Organization {
  requireNameOrId(args);
  const { name, id } = args;
  // Names from the API are encoded (parse.ts), so encode the argument too.
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
      `The organization with ${what} (${match.id}) is disabled, so no connection to it can be created. ` +
        `Enabled organizations: ${formatCandidates(organizations.filter(({ disabled }) => !disabled))}.`,
    );
  }
  return match;
}

/** The maximum count of organizations in the list of a message. */
const MAX_SHOWN = 20;

function formatCandidates(organizations: readonly Organization[]): string {
  const candidates = organizations.map(
    ({ name, id, disabled }) => `${name} (${id}${disabled ? ", disabled" : ""})`,
  );
  return joinFirst(candidates, MAX_SHOWN) || "none";
}

/** Lists the connections that match all given filters of `getOrgConnections`. */
export function listMatchingConnections(
  connections: readonly Connection[],
  { sinkOrgId, sourceOrgId }: FunctionArguments<"getOrgConnections">,
): Connection[] {
  const isMatch = (id: string | undefined, filter: string | undefined) =>
    filter === undefined || id === filter;
  return connections.filter(
    ({ source, sink }) => isMatch(sink?.id, sinkOrgId) && isMatch(source?.id, sourceOrgId),
  );
}
