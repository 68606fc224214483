import { LIST_ORGANIZATIONS_PERMISSIONS } from "datadog-org-connections-core/api/explain-refusal.js";
import type { Party, User } from "datadog-org-connections-core/api/parse.js";
import { formatParty } from "datadog-org-connections-core/connection/format-connection.js";
import { createOk, createProblem, createUnknown, type Check } from "./check.js";
import type { Listings } from "./listings.js";

/** Checks which organization the credentials belong to. */
export function checkOrganization(callerCandidates: Party[], configuredId: string | undefined): Check {
  const [caller] = callerCandidates;
  const names = callerCandidates.map(formatParty).join(" or ");
  if (
    configuredId !== undefined &&
    callerCandidates.length > 0 &&
    callerCandidates.every(({ id }) => id !== configuredId)
  ) {
    return createProblem(
      "organization",
      "wrong-organization",
      `The credentials belong to ${names}, not to the configured \`id\` ${configuredId}.`,
      "Set the credentials of the configured organization, or correct its `id`.",
    );
  }
  if (!caller || callerCandidates.length > 1) {
    return createUnknown(
      "organization",
      `It is unknown which organization the credentials belong to${caller ? ` (${names})` : ""}. To find out, grant the owner of the credentials the permission ${LIST_ORGANIZATIONS_PERMISSIONS}.`,
    );
  }
  const found = `The credentials belong to ${names}${configuredId === undefined ? "" : ", as configured"}.`;
  return { ...createOk("organization", found), caller };
}

/**
 * Checks who created the connections from the organization of the credentials. Returns no check if this organization is not proven,
 * or if no listed connection from this organization has a creator.
 *
 * @param advice - what to do so that a service account creates the connections
 */
export function checkCreators(
  { page, extent, callerCandidates }: Pick<Listings, "page" | "extent" | "callerCandidates">,
  advice: string,
): Check[] {
  const [caller] = callerCandidates;
  if (!page || !caller || callerCandidates.length > 1) return [];
  const ownConnections = page.connections.filter(({ source }) => source?.id === caller.id);
  const users = new Map(page.users?.map((user) => [user.id, user]));
  const creators = new Map(
    ownConnections.flatMap(({ createdBy }) => (createdBy ? [[createdBy.id, users.get(createdBy.id)]] : [])),
  );
  if (creators.size === 0) return [];
  const people = [...creators.values()]
    .filter((user) => user?.serviceAccount === false)
    .map((user) => formatUser(user));
  if (people.length > 0) {
    return [
      {
        check: "creators",
        verdict: "advice",
        found: `People created connections from this organization: ${people.join(", ")}. Datadog deletes a connection when its creator is deactivated.`,
        next: `${advice} The creator of an existing connection changes only if the connection is recreated.`,
      },
    ];
  }
  // An incomplete list, or a connection without a creator, may hide a creator who is a person.
  const areAllServiceAccounts =
    extent === "complete" &&
    ownConnections.every(({ createdBy }) => createdBy !== undefined) &&
    [...creators.values()].every((user) => user?.serviceAccount === true);
  return [
    areAllServiceAccounts
      ? createOk(
          "creators",
          `Service accounts created the connections from this organization: ${[...creators.values()].map(formatUser).join(", ")}.`,
        )
      : createUnknown(
          "creators",
          "It is unknown whether people or service accounts created the connections from this organization.",
        ),
  ];
}

const formatUser = (user: User | undefined): string =>
  user?.name ?? user?.handle ?? user?.email ?? user?.id ?? "an unknown user";
