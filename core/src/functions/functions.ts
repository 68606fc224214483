import * as v from "valibot";
import { encodeText } from "../text/escape-text.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { isUuid } from "../text/data.js";
import { formatCount, joinFirst } from "../text/phrases.js";
import type { Organization, Connection } from "../api/parse.js";

const stringSchema = v.string("must be a string.");
const normalize = (value: string) => value.trim().toLowerCase();

/** An optional string. */
const stringArgument = v.optional(stringSchema);

/** An optional UUID of an organization, converted to lower case. Without the check, an invalid UUID would match nothing. */
const organizationIdArgument = v.optional(
  v.pipe(
    stringSchema,
    v.check(
      (given) => isUuid(normalize(given)),
      ({ input }) =>
        `is not the UUID of an organization: "${encodeText(input)}". Use the function getOrganization to find it.`,
    ),
    v.transform(normalize),
  ),
);

/** The arguments of each function, by its name. */
export const argumentSchemas = {
  getOrganization: v.object({ name: stringArgument, id: stringArgument, source: stringArgument }),
  getOrganizations: v.object({ source: stringArgument }),
  getOrgConnections: v.object({
    source: stringArgument,
    sinkOrgId: organizationIdArgument,
    sourceOrgId: organizationIdArgument,
  }),
};

/** The name of a function. The npm package and the plugin have the same functions. */
export type FunctionName = keyof typeof argumentSchemas;

/** The parsed arguments of a function. */
export type FunctionArguments<Name extends FunctionName> = v.InferOutput<(typeof argumentSchemas)[Name]>;

/**
 * Parses the arguments of a function. An argument that is `null` or undefined counts as omitted.
 *
 * @throws `invalid-input` with the `property` that is invalid
 */
export function parseFunctionArguments<Name extends FunctionName>(
  functionName: Name,
  given: Readonly<Record<string, unknown>>,
): FunctionArguments<Name> {
  refuseUnknownArguments(functionName, given);
  const present = Object.entries(given).filter(([, value]) => value != null);
  const schema: v.GenericSchema<unknown, FunctionArguments<Name>> = argumentSchemas[functionName];
  const parsed = v.safeParse(schema, Object.fromEntries(present), { abortPipeEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const property = v.getDotPath(issue) ?? "";
  const problem = `${functionName}: \`${property}\` ${issue.message}`;
  throw new OrgConnectionsError("invalid-input", problem, { property });
}

/**
 * Refuses an argument that a function does not have. If a misspelled filter were ignored, the result would be unfiltered. If a
 * misspelled `source` were ignored, the default organization would be used.
 *
 * @throws `invalid-input` with the `property` that is unknown
 */
export function refuseUnknownArguments(functionName: FunctionName, given: object): void {
  const { entries } = argumentSchemas[functionName];
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(entries, key));
  if (unknown === undefined) return;
  throw new OrgConnectionsError(
    "invalid-input",
    {
      happened: `\`${encodeText(unknown)}\` is not an argument of ${functionName}.`,
      advice: `Its arguments are ${Object.keys(entries).join(", ")}.`,
    },
    { property: unknown },
  );
}

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
