import { redactor } from "datadog-org-connections-core/api/redact.js";
import type { Credentials } from "datadog-org-connections-core/credentials/resolve.js";
import { isOrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import type { ConfiguredOrganization } from "../../live/organizations.js";
import { ok, problem, type Check } from "./check.js";
import { clockCheck } from "./clock.js";
import { hostCheck } from "./host.js";
import { apiKeyRefused, keyChecks } from "./keys.js";
import { readListed } from "./listed.js";
import { probe } from "./probe.js";
import { proxyFor } from "./proxy.js";
import { rightsChecks } from "./rights.js";
import { askSites } from "./sites.js";
import { whoseChecks } from "./whose.js";

/** What the user allows and wishes. */
export interface Wishes {
  /** Base URLs to ask when a site does not know the API key; none: no other site is asked. */
  trySites?: readonly string[];
  /** Keys that may not write are as they should be. */
  readOnly?: boolean;
}

/** What was found out about one organization. */
export interface Examined {
  /** The names under which its keys stand. */
  names: readonly string[];
  /** Where its requests go; none without usable settings. */
  baseUrl?: string;
  /** In the order in which they build on one another: after one that fails, those that need it are left out. */
  checks: Check[];
}

/** Examines one organization. It reads only: GETs, and a look at whether a proxy is there. */
export async function examine(
  { names, session, failure }: ConfiguredOrganization,
  { trySites, readOnly = false }: Wishes = {},
): Promise<Examined> {
  if (!session) return { names, checks: [settingsProblem(failure)] };
  const { baseUrl, apiKey, appKey } = session.credentials;
  const checks = await examineWith(session.credentials, trySites, readOnly);
  // Words of others stand in some lines, and nobody knows what they repeat.
  const blank = redactor([apiKey, appKey]);
  return { names, baseUrl, checks: checks.map((check) => ({ ...check, found: blank(check.found) })) };
}

async function examineWith(
  credentials: Credentials,
  trySites: readonly string[] | undefined,
  readOnly: boolean,
): Promise<Check[]> {
  const { baseUrl, keysFrom } = credentials;
  const proxy = await proxyFor(baseUrl);
  const seen = await probe(credentials);
  const host = hostCheck(baseUrl, seen.apiKey, seen.at, proxy);
  const checks = [ok("keys", `Both are set: ${keysFrom}.`), host];
  if (host.verdict !== "ok" || !seen.apiKey.answer) return checks;
  checks.push(clockCheck(seen.apiKey.answer, seen.at));
  const asked = trySites && apiKeyRefused(seen) ? await askSites(credentials, trySites) : undefined;
  const keys = keyChecks(baseUrl, keysFrom, seen, asked);
  checks.push(...keys);
  if (keys.some(({ verdict }) => verdict === "problem")) return checks;
  const listed = await readListed(seen);
  return [
    ...checks,
    ...whoseChecks(seen, listed, credentials),
    ...rightsChecks(seen, listed, { readOnly, organizationId: credentials.organizationId }),
  ];
}

/** The line of an organization without usable settings. */
export function settingsProblem(failure: Error): Check {
  const noKeys = isOrgConnectionsError(failure, "keys-missing", "unknown-source");
  const { happened, advice } = isOrgConnectionsError(failure)
    ? failure
    : { happened: failure.message, advice: undefined };
  return problem("keys", noKeys ? "no-keys" : "bad-settings", happened, advice ?? "Correct the setting.");
}
