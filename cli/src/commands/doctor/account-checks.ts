/** What the credentials can see and do: their organization, the creators of its connections, and the permissions. */
import { isWorkloadIdentity } from "datadog-org-connections-core/api/authentication.js";
import {
  LIST_ORGANIZATIONS_PERMISSIONS,
  parseRefusalReason,
} from "datadog-org-connections-core/api/explain-refusal.js";
import { listAll } from "datadog-org-connections-core/api/paging.js";
import type { Page, Party, User } from "datadog-org-connections-core/api/parse.js";
import { PAGE_LIMIT } from "datadog-org-connections-core/api/routes.js";
import { formatParty } from "datadog-org-connections-core/connection/format-connection.js";
import type { Credentials } from "datadog-org-connections-core/credentials/resolve.js";
import { deriveCaller, findCallerCandidates } from "datadog-org-connections-core/operation/caller.js";
import { hasStatus, type Call, type Reads } from "./calls.js";
import { createFailure, createOk, createProblem, createUnknown, type Check } from "./check.js";

/** Checks what the credentials can see and do, with the responses to the two lists. */
export async function checkAccount(
  { list, organizations }: Reads,
  { organizationId, authentication }: Credentials,
  { owner, readOnly }: { owner: Check; readOnly: boolean },
): Promise<Check[]> {
  const page = list.value;
  const extent = page && (await determineExtent(page));
  const isIdentity = isWorkloadIdentity(authentication);
  const callers = findCallers({ list, organizations }, isIdentity ? organizationId : undefined);
  return [
    checkOrganization(callers, organizationId),
    owner,
    ...(page && callers.length === 1
      ? checkCreators(
          page,
          extent === "complete",
          callers,
          isIdentity
            ? "Map the identity to a service account in Datadog."
            : "Use the application key or token of a service account.",
        )
      : []),
    ...(page && extent
      ? [
          checkList(page, extent, callers, organizationId),
          createOk("feature", "Cross-organization visibility is enabled."),
        ]
      : explainList(list)),
    checkWrite(organizations, readOnly),
  ];
}

/**
 * How much of the list of connections the first page has.
 *
 * - `gaps`: rows are missing or repeated, or there are more rows than the total of the list
 * - `continues`: there may be more pages, which were not read
 */
type Extent = "complete" | "gaps" | "continues";

/** Checks the page with the code that reads the list for the other commands. */
async function determineExtent(page: Page): Promise<Extent> {
  /** Stops the read before the second page, because doctor requests only the first page. */
  const notRequested = new Error("not requested");
  try {
    const listing = await listAll(({ offset }) =>
      offset === 0 ? Promise.resolve(page) : Promise.reject(notRequested),
    );
    return listing ? "complete" : "gaps";
  } catch (error) {
    if (error !== notRequested) throw error;
    // `listAll` requested a second page. With a total, this means that the first page has fewer rows than the total. If this page
    // is also not full, rows are missing. If it is full, or if there is no total, more pages may follow.
    return page.total !== undefined && page.connections.length < PAGE_LIMIT ? "gaps" : "continues";
  }
}

/**
 * Finds the organizations to which the credentials can belong. If there is only one, it is proven. If there is none, nothing is
 * known.
 *
 * @param issuedFor - the organization that the access token was issued for. Only with an identity
 */
function findCallers({ list, organizations }: Reads, issuedFor: string | undefined): Party[] {
  const candidates = findCallerCandidates(list.value?.connections ?? []);
  const visible = organizations.value;
  const ids = candidates.map((candidate) => candidate.id);
  const id = deriveCaller(ids, issuedFor) ?? deriveCaller(ids, visible?.callerId);
  if (id === undefined) return candidates;
  const name = [...candidates, ...(visible?.organizations ?? [])].find((one) => one.id === id)?.name;
  return [{ id, ...(name !== undefined && { name }) }];
}

/** Checks which organization the credentials belong to. */
function checkOrganization(callers: readonly Party[], configuredId: string | undefined): Check {
  const [caller] = callers;
  const names = callers.map(formatParty).join(" or ");
  if (configuredId !== undefined && caller && callers.every(({ id }) => id !== configuredId)) {
    return createProblem(
      "organization",
      "wrong-organization",
      `The credentials belong to ${names}, not to the configured \`id\` ${configuredId}.`,
      "Set the credentials of the configured organization, or correct its `id`.",
    );
  }
  if (!caller || callers.length > 1) {
    return createUnknown(
      "organization",
      `It is unknown which organization the credentials belong to${caller ? ` (${names})` : ""}. To find out, grant the owner of the credentials the permission ${LIST_ORGANIZATIONS_PERMISSIONS}.`,
    );
  }
  const found = `The credentials belong to ${names}${configuredId === undefined ? "" : ", as configured"}.`;
  return { ...createOk("organization", found), caller };
}

/**
 * Checks who created the connections from the caller. Returns no check if no listed connection from the caller has a creator.
 *
 * @param advice - what to do so that a service account creates the connections
 */
function checkCreators(
  { connections, users }: Page,
  isComplete: boolean,
  [caller]: readonly Party[],
  advice: string,
): Check[] {
  const own = connections.filter(({ source }) => source?.id === caller?.id);
  const known = new Map(users?.map((user) => [user.id, user]));
  const creators = new Map(
    own.flatMap(({ createdBy }) => (createdBy ? [[createdBy.id, known.get(createdBy.id)]] : [])),
  );
  if (creators.size === 0) return [];
  const all = [...creators.values()];
  const people = all.filter((user) => user?.serviceAccount === false);
  if (people.length > 0) {
    return [
      {
        check: "creators",
        verdict: "advice",
        found: `People created connections from this organization: ${people.map(formatUser).join(", ")}. Datadog deletes a connection when its creator is deactivated.`,
        next: `${advice} The creator of an existing connection changes only if the connection is recreated.`,
      },
    ];
  }
  // An incomplete list, or a connection without a creator, may hide a creator who is a person.
  const areServiceAccounts =
    isComplete &&
    own.every(({ createdBy }) => createdBy !== undefined) &&
    all.every((user) => user?.serviceAccount === true);
  return [
    areServiceAccounts
      ? createOk(
          "creators",
          `Service accounts created the connections from this organization: ${all.map(formatUser).join(", ")}.`,
        )
      : createUnknown(
          "creators",
          "It is unknown whether people or service accounts created the connections from this organization.",
        ),
  ];
}

const formatUser = (user: User | undefined): string =>
  user?.name ?? user?.handle ?? user?.email ?? user?.id ?? "an unknown user";

const CAN_READ = "The credentials can read connections (`org_connections_read`)";

/** Checks the list of connections. The check is "ok" only if `inventory` would count the organization as checked. */
function checkList(
  { connections, total }: Page,
  extent: Extent,
  callers: readonly Party[],
  organizationId: string | undefined,
): Check {
  const ofTotal = total === undefined ? "" : ` of ${total.toLocaleString("en-US")}`;
  const rows = `${connections.length.toLocaleString("en-US")}${ofTotal}`;
  if (extent === "gaps") {
    return createProblem(
      "read",
      "incomplete-listing",
      `The list of connections does not match its total or repeats a connection (received: ${rows}). Other commands reject this list.`,
      "Run `doctor` again. If the problem persists, check for a proxy that changes responses, and contact Datadog support.",
    );
  }
  const [caller] = callers;
  if (!caller || callers.length > 1) {
    return createUnknown(
      "read",
      `${CAN_READ}, but nothing proves which organization the list belongs to. \`inventory\` reports this organization as not checked, unless the lists of other organizations prove which one it is.`,
    );
  }
  if (organizationId !== undefined && caller.id !== organizationId) {
    return createUnknown(
      "read",
      `${CAN_READ}, but the list belongs to organization ${caller.id}, not to the configured \`id\`. \`inventory\` reports the configured organization as not checked.`,
    );
  }
  return extent === "complete"
    ? createOk("read", `${CAN_READ}.`)
    : createUnknown(
        "read",
        `${CAN_READ}. Doctor read only the first page of the list (connections: ${rows}); \`inventory\` reads all pages.`,
      );
}

/** Explains why there is no list: a missing permission, a disabled feature, or a failure of the call. */
function explainList(list: Call<Page>): Check[] {
  if (!list.error) return [];
  const feature = createUnknown(
    "feature",
    "Without the list of connections, it is unknown whether cross-organization visibility is enabled.",
  );
  if (!hasStatus(list, 401, 403)) return [createFailure("read", list.error), feature];
  const reason = parseRefusalReason(list.error.facts.apiErrors ?? []);
  if (reason === "feature-off") return [createFailure("feature", list.error, "feature-off")];
  const refusal = createFailure("read", list.error, reason ?? "permission-or-feature");
  return reason === undefined ? [refusal] : [refusal, feature];
}

/**
 * Checks the write permission without a write. `GET /api/v2/org` requires the same permission as a write: `org_connections_write`
 * or `org_management`.
 * https://github.com/DataDog/datadog-api-client-go/blob/master/.generator/schemas/v2/openapi.yaml
 */
function checkWrite(organizations: Reads["organizations"], readOnly: boolean): Check {
  const { error } = organizations;
  if (!error) {
    return createOk(
      "write",
      "The credentials can write connections (`org_connections_write` or `org_management`).",
    );
  }
  if (!hasStatus(organizations, 401, 403)) return createFailure("write", error);
  if (readOnly)
    return createOk("write", "The credentials cannot write connections, as expected (--read-only).");
  const failure = createFailure("write", error, "missing-permission");
  const isNamed = parseRefusalReason(error.facts.apiErrors ?? []) === "missing-permission";
  const need = isNamed ? "" : ` A write needs the same permission, ${LIST_ORGANIZATIONS_PERMISSIONS}.`;
  return {
    ...failure,
    found: `${failure.found}${need} Without this permission, no connection from this organization can be created, updated or deleted.`,
    next: `${failure.next ?? ""} If these credentials are only for reading, pass --read-only.`,
  };
}
