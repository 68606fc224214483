import { ENABLE_FEATURE, parseRefusalReason } from "datadog-org-connections-core/api/explain-refusal.js";
import type { Page, Party } from "datadog-org-connections-core/api/parse.js";
import { createOk, createProblem, createUnknown, type Check, type CheckName } from "./check.js";
import { isRefusal } from "./key-checks.js";
import type { Listings } from "./listings.js";
import type { ProbeResult, Probe } from "./probe.js";
import { formatQuote, parseServerMessage } from "./server-message.js";
import { findRequestFailure } from "./request-failures.js";

/** What is expected of the credentials, and what to do if a permission is missing. */
interface PermissionOptions {
  /** Whether a missing write permission is accepted. */
  readOnly: boolean;
  /** The configured UUID of the organization. */
  organizationId: string | undefined;
  /** What to do about a missing permission. */
  grantAdvice: string;
}

/**
 * Checks the permissions of the credentials, and whether cross-organization visibility is enabled.
 *
 * The recorded responses (core/src/api/wire.ts) contain no 403 from the endpoints that list connections and organizations. So the
 * check of the list of connections expects the message that Datadog's other endpoints send for a missing permission. If the message
 * does not show the cause, the check names both possible causes.
 */
export function checkPermissions(
  { list, organizations }: Probe,
  listings: Listings,
  options: PermissionOptions,
): Check[] {
  const { readOnly, organizationId, grantAdvice } = options;
  return [
    ...(list?.response?.status === 200
      ? checkListAndFeature(listings, organizationId)
      : explainReadFailure(list, grantAdvice)),
    checkWrite(organizations, listings, { readOnly, grantAdvice }),
  ];
}

const CAN_READ = "The credentials can read connections (`org_connections_read`)";

/** Checks a list with status 200. The check `read` is "ok" only if `inventory` would count the organization as checked. */
function checkListAndFeature(
  { page, extent, callerCandidates }: Listings,
  organizationId: string | undefined,
): Check[] {
  if (!page) {
    return [
      createNotDatadogProblem("read", "the list of connections"),
      createUnknown(
        "feature",
        "Without the list, it is unknown whether cross-organization visibility is enabled.",
      ),
    ];
  }
  return [
    checkList(page, extent, callerCandidates, organizationId),
    createOk("feature", "Cross-organization visibility is enabled."),
  ];
}

function checkList(
  { connections, total }: Page,
  extent: Listings["extent"],
  callerCandidates: readonly Party[],
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
  const [caller] = callerCandidates;
  if (!caller || callerCandidates.length > 1) {
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

const createNotDatadogProblem = (check: CheckName, listName: string): Check =>
  createProblem(
    check,
    "not-datadog",
    `The response to the request for ${listName} is not from Datadog's API.`,
    "Check the site. A login page or a proxy of this network may have sent the response.",
  );

function explainReadFailure(list: ProbeResult | undefined, grantAdvice: string): Check[] {
  if (!list?.response || !isRefusal(list.response))
    return [findRequestFailure("read", list) ?? createUnknown("read", "Datadog sent no usable response.")];
  const message = parseServerMessage(list.response.text);
  const quote = formatQuote(message);
  const reason = parseRefusalReason([message]);
  if (reason === "missing-permission") {
    return [
      createProblem(
        "read",
        "missing-permission",
        `The permission \`org_connections_read\` (in the beta of cross-organization visibility: \`org_management\`) is missing.${quote}`,
        grantAdvice,
      ),
      createUnknown(
        "feature",
        "Without this permission, it is unknown whether cross-organization visibility is enabled.",
      ),
    ];
  }
  if (reason === "feature-off") {
    return [
      createProblem(
        "feature",
        "feature-off",
        `Cross-organization visibility is disabled for this organization.${quote}`,
        ENABLE_FEATURE,
      ),
    ];
  }
  return [
    createProblem(
      "read",
      "permission-or-feature",
      `Datadog refuses the list of connections (${list.response.status}), and its response does not show which of two causes applies.${quote}`,
      "Either the permission `org_connections_read` is missing, or cross-organization visibility is disabled. Check both.",
    ),
  ];
}

/**
 * Checks the write permission without a write. `GET /api/v2/org` requires the same permission as a write: `org_connections_write`
 * or `org_management`.
 * https://github.com/DataDog/datadog-api-client-go/blob/master/.generator/schemas/v2/openapi.yaml
 */
function checkWrite(
  organizations: ProbeResult | undefined,
  { visibleOrganizations }: Pick<Listings, "visibleOrganizations">,
  { readOnly, grantAdvice }: Pick<PermissionOptions, "readOnly" | "grantAdvice">,
): Check {
  if (organizations?.response?.status === 200) {
    if (!visibleOrganizations) return createNotDatadogProblem("write", "the list of organizations");
    return createOk(
      "write",
      "The credentials can write connections (`org_connections_write` or `org_management`).",
    );
  }
  if (!isRefusal(organizations?.response)) {
    return (
      findRequestFailure("write", organizations) ?? createUnknown("write", "Datadog sent no usable response.")
    );
  }
  if (readOnly)
    return createOk("write", "The credentials cannot write connections, as expected (--read-only).");
  return createProblem(
    "write",
    "missing-permission",
    "The permission `org_connections_write` (in the beta of cross-organization visibility: `org_management`) is missing. Without it, no connection from this organization can be created, updated or deleted.",
    `${grantAdvice} If these credentials are only for reading, pass --read-only.`,
  );
}
