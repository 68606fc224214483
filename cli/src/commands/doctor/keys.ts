import type { Answer } from "datadog-org-connections-core/api/http.js";
import { ok, problem, unknown, type Check } from "./check.js";
import type { Look, Probe } from "./probe.js";
import type { SitesAsked } from "./sites.js";
import { failing } from "./trouble.js";

/** Whether an answer refuses the keys, or what their owner may do. */
export const isRefusal = (answer: Answer | undefined): boolean =>
  answer?.status === 401 || answer?.status === 403;

const succeeded = (look: Look | undefined): boolean => look?.answer?.status === 200;

/** Whether the host refuses the API key and nothing else speaks for it: then the site or the key is wrong. */
export function apiKeyRefused({ apiKey, bothKeys, list, organizations }: Probe): boolean {
  return isRefusal(apiKey.answer) && ![bothKeys, list, organizations].some(succeeded);
}

/**
 * Site, API key and application key. A key of another site is refused like one that never was: only the other sites
 * can tell the two apart, and they are asked on the user's word alone.
 */
export function keyChecks(
  baseUrl: string,
  keysFrom: string,
  seen: Probe,
  asked: SitesAsked | undefined,
): Check[] {
  if (apiKeyRefused(seen)) return refusedKey(baseUrl, keysFrom, asked);
  const { apiKey, bothKeys, list, organizations } = seen;
  const both = [bothKeys, list, organizations].some(succeeded);
  if (!both && !succeeded(apiKey)) {
    return [failing("api key", apiKey) ?? unknown("api key", `${baseUrl} does not offer to check it.`)];
  }
  const first = [
    ok("site", `${new URL(baseUrl).host} is the site of these keys.`),
    ok("api key", "Datadog knows it."),
  ];
  if (both) return [...first, ok("application key", "Datadog accepts it with this API key.")];
  if (isRefusal(bothKeys?.answer)) {
    return [
      ...first,
      problem(
        "application key",
        "wrong-key",
        `Datadog knows the API key and refuses the application key beside it (${keysFrom}).`,
        "It is mistyped, revoked, or of another organization than the API key: set it again.",
      ),
    ];
  }
  return [
    ...first,
    failing("application key", bothKeys) ??
      unknown("application key", `${baseUrl} does not offer to check it.`),
  ];
}

function refusedKey(baseUrl: string, keysFrom: string, asked: SitesAsked | undefined): Check[] {
  const { host } = new URL(baseUrl);
  const [right] = asked?.know ?? [];
  if (right !== undefined) {
    return [
      problem(
        "site",
        "wrong-site",
        `The API key is none of ${host}; it is valid at ${asked?.know.join(" and at ") ?? ""}.`,
        `Set the site of this organization to ${new URL(right).host.replace(/^api\./, "")}.`,
      ),
    ];
  }
  if (asked && asked.silent.length === 0) {
    return [
      ok("site", `${host} answers; none of the ${asked.refuse} other sites asked knows the API key either.`),
      problem(
        "api key",
        "wrong-key",
        `No site knows it (${keysFrom}).`,
        "It is mistyped or revoked: set it again.",
      ),
    ];
  }
  const others = asked
    ? `${asked.refuse} other sites do not know it either, and ${asked.silent.length} gave no answer`
    : "other sites were not asked";
  return [
    problem(
      "api key",
      "wrong-site-or-key",
      `${host} does not know it (${keysFrom}): either the key is wrong or the site; ${others}.`,
      asked
        ? `Ask the sites that gave no answer again: ${asked.silent.map((site) => new URL(site).host).join(", ")}.`
        : "Check both. --try-sites tells them apart: it sends the API key, and nothing else, to Datadog's other sites.",
    ),
  ];
}
