import type { Page, Party } from "datadog-org-connections-core/api/parse.js";
import type { User } from "datadog-org-connections-core/api/parse-users.js";
import type { Credentials } from "datadog-org-connections-core/credentials/resolve.js";
import { ok, problem, unknown, type Check } from "./check.js";
import type { Listed } from "./listed.js";
import { ownerCheck } from "./owner.js";
import type { Probe } from "./probe.js";

/** Whose keys they are: the organization, the user, and who made the organization's connections so far. */
export function whoseChecks(
  seen: Probe,
  { page, callers }: Pick<Listed, "page" | "callers">,
  { organizationId, appKey }: Pick<Credentials, "organizationId" | "appKey">,
): Check[] {
  return [
    organizationCheck(callers, organizationId),
    ownerCheck(seen, appKey),
    ...creatorsCheck(page, callers),
  ];
}

function organizationCheck(callers: Party[], configuredId: string | undefined): Check {
  const [caller] = callers;
  const who = callers.map(({ id, name }) => (name === undefined ? id : `${name} (${id})`)).join(" or ");
  if (configuredId !== undefined && callers.length > 0 && callers.every(({ id }) => id !== configuredId)) {
    return problem(
      "organization",
      "wrong-organization",
      `The keys belong to ${who}, and not to the configured \`id\` ${configuredId}.`,
      "Set the keys of the organization that is meant, or correct its `id`.",
    );
  }
  if (!caller || callers.length > 1) {
    return unknown(
      "organization",
      `Whose keys they are cannot be told${caller ? `: of ${who}` : ""}; \`org_connections_write\` would show it.`,
    );
  }
  return ok(
    "organization",
    `The keys belong to ${who}${configuredId === undefined ? "" : ", as configured"}.`,
  );
}

function creatorsCheck(page: Page | undefined, callers: readonly Party[]): Check[] {
  const [caller] = callers;
  if (!page || !caller || callers.length > 1) return [];
  const own = page.connections.filter(({ source }) => source?.id === caller.id);
  const users = new Map(page.users?.map((user) => [user.id, user]));
  const creators = new Map(
    own.flatMap(({ createdBy }) => (createdBy ? [[createdBy.id, users.get(createdBy.id)]] : [])),
  );
  if (creators.size === 0) return [];
  const persons = [...creators.values()]
    .filter((user) => user?.serviceAccount === false)
    .map((user) => titleOf(user));
  if (persons.length > 0) {
    return [
      {
        check: "creators",
        verdict: "advice",
        found: `Connections of this organization were made by persons: ${persons.join(", ")}. They end when that account is deactivated.`,
        next: "Let a service account own the application key; a connection made anew gets it as its creator.",
      },
    ];
  }
  const certain = [...creators.values()].every((user) => user?.serviceAccount === true);
  return [
    certain
      ? ok(
          "creators",
          `Its connections were made by service accounts: ${[...creators.values()].map(titleOf).join(", ")}.`,
        )
      : unknown("creators", "Whether persons or service accounts made its connections is not shown."),
  ];
}

const titleOf = (user: User | undefined): string =>
  user?.name ?? user?.handle ?? user?.email ?? user?.id ?? "somebody";
