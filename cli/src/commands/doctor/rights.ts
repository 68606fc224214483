import { json } from "datadog-org-connections-core/api/json.js";
import { parseErrors, type Page, type Party } from "datadog-org-connections-core/api/parse.js";
import { ok, problem, unknown, type Check, type CheckName } from "./check.js";
import { isRefusal } from "./keys.js";
import type { Listed } from "./listed.js";
import type { Look, Probe } from "./probe.js";
import { failing } from "./trouble.js";

/** The longest text of a server that is repeated, in characters. */
const MOST_WORDS = 1000;
const GRANT =
  "Give it to the role of the application key's owner, and to the key's own scopes if it has any.";

/**
 * What the keys may do, and whether the feature is on. No 403 of these calls is recorded: that of a missing permission
 * is told by the platform's own words for it; where the words tell nothing, both causes are named.
 */
export function rightsChecks(
  { list, organizations }: Probe,
  listed: Listed,
  { readOnly, organizationId }: { readOnly: boolean; organizationId: string | undefined },
): Check[] {
  return [
    ...(list?.answer?.status === 200 ? listChecks(listed, organizationId) : readChecks(list)),
    writeCheck(organizations, listed, readOnly),
  ];
}

const MAY_READ = "The keys may read connections (`org_connections_read`)";

/** What a list with status 200 is worth: "ok" only where `inventory` would count the organization as checked. */
function listChecks({ page, extent, callers }: Listed, organizationId: string | undefined): Check[] {
  if (!page) {
    return [
      notDatadog("read", "the list of connections"),
      unknown("feature", "Without the list nobody can tell whether it is on."),
    ];
  }
  return [
    listCheck(page, extent, callers, organizationId),
    ok("feature", "Cross-organization visibility is on."),
  ];
}

function listCheck(
  { connections, total }: Page,
  extent: Listed["extent"],
  callers: readonly Party[],
  organizationId: string | undefined,
): Check {
  const of = total === undefined ? "" : ` of ${total.toLocaleString("en-US")}`;
  const rows = `${connections.length.toLocaleString("en-US")}${of}`;
  if (extent === "gaps") {
    return problem(
      "read",
      "incomplete-listing",
      `The list of connections contradicts its own total (${rows}), so nothing is concluded from it.`,
      "Run it again. If it stays so, look for a proxy that changes answers, and ask Datadog's support.",
    );
  }
  const [caller] = callers;
  if (!caller || callers.length > 1) {
    return unknown(
      "read",
      `${MAY_READ}, but nothing proves whose list it is: \`inventory\` counts the organization as not checked.`,
    );
  }
  if (organizationId !== undefined && caller.id !== organizationId) {
    return unknown(
      "read",
      `${MAY_READ}, but those of another organization: \`inventory\` counts this one as not checked.`,
    );
  }
  return extent === "whole"
    ? ok("read", `${MAY_READ}.`)
    : unknown("read", `${MAY_READ}. The first ${rows} were looked at; \`inventory\` reads them all.`);
}

const notDatadog = (check: CheckName, list: string): Check =>
  problem(
    check,
    "not-datadog",
    `What answers the request for ${list} is not a list of Datadog's API.`,
    "Check the site; a login page or a proxy of this network may stand in between.",
  );

function readChecks(list: Look | undefined): Check[] {
  if (!list?.answer || !isRefusal(list.answer))
    return [failing("read", list) ?? unknown("read", "Datadog gave no answer to go by.")];
  const said = wordsOf(list.answer.text);
  const words = said === "" ? "" : ` Datadog says: "${said}".`;
  if (/permission/i.test(said)) {
    return [
      problem(
        "read",
        "missing-permission",
        `The permission \`org_connections_read\` (in the beta: \`org_management\`) is missing.${words}`,
        GRANT,
      ),
      unknown("feature", "Without that permission nobody can tell whether it is on."),
    ];
  }
  if (/not (enabled|available|active)|disabled|switched off|feature/i.test(said)) {
    return [
      problem(
        "feature",
        "feature-off",
        `Cross-organization visibility is off for this organization.${words}`,
        "Switch it on in Datadog: Organization Settings, Cross-Organization Visibility; where it is not there, ask Datadog's support.",
      ),
    ];
  }
  return [
    problem(
      "read",
      "permission-or-feature",
      `Datadog refuses the list of connections and does not say why (${list.answer.status}).${words}`,
      "Either the permission `org_connections_read` is missing, or cross-organization visibility is off: look at both.",
    ),
  ];
}

/** What a refusal says, on one line, without what a terminal obeys, and not longer than a reader reads. */
function wordsOf(text: string): string {
  const words = parseErrors(json(text)).join("; ");
  // eslint-disable-next-line no-control-regex -- they are what has to go
  const plain = words.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
  return plain.length > MOST_WORDS ? `${plain.slice(0, MOST_WORDS)}…` : plain;
}

/** `GET /api/v2/org` needs one of the two permissions that writing needs (S); no write is tried. */
function writeCheck(
  organizations: Look | undefined,
  { managed }: Pick<Listed, "managed">,
  readOnly: boolean,
): Check {
  if (organizations?.answer?.status === 200) {
    if (!managed) return notDatadog("write", "the list of organizations");
    return ok("write", "The keys may write connections (`org_connections_write` or `org_management`).");
  }
  if (!isRefusal(organizations?.answer)) {
    return failing("write", organizations) ?? unknown("write", "Datadog gave no answer to go by.");
  }
  if (readOnly) return ok("write", "The keys may not write connections, as wished (--read-only).");
  return problem(
    "write",
    "missing-permission",
    "The permission `org_connections_write` (in the beta: `org_management`) is missing: no connection of this organization can be made, changed or ended.",
    `${GRANT} Where these keys shall only read, say so: --read-only.`,
  );
}
