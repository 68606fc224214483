import { OrgConnectionsError } from "../api/org-connections-error.js";
import { baseUrlOf } from "./address.js";
import { isDatadogUrl } from "./base-url.js";
import { isSet, levelsOf, suffixOf, type Level, type Setting, type Settings } from "./levels.js";
import { defaultOrganization, namedOrganizations, ORGANIZATIONS_KEY } from "./settings.js";

export { suffixOf, type Settings } from "./levels.js";

/** Everything needed to speak for one organization. Holds keys: never print it. */
export interface Credentials {
  /** The name in the program; none for the default organization. */
  source?: string;
  /** For messages: `organization "payments"` or `the default organization`. */
  label: string;
  baseUrl: string;
  apiKey: string;
  appKey: string;
  auth: "headers" | "query";
  /** For messages: the two settings that hold the keys. */
  keysFrom: string;
  /** Whether the keys stand in the stack's configuration: refresh and destroy may then see those of the last up. */
  fromStack: boolean;
  /** For messages: the variables that win over everything else. */
  override: string;
  /** The configured UUID of the organization, to be checked before the first write. */
  organizationId?: string;
}

/**
 * From an organization's name to site and keys: the one place that knows the precedence.
 *
 * 1. environment for that name: `DD_API_KEY__PAYMENTS`, `DD_APP_KEY__…`, `DD_SITE__…`, `DD_HOST__…` (`__DEFAULT`);
 * 2. the stack's configuration in this package's namespace;
 * 3. for the default organization only: the Datadog provider's configuration, then `DD_API_KEY`, `DD_APP_KEY`,
 *    `DD_SITE`, `DD_HOST` and their `DATADOG_` forms.
 *
 * Both keys come from the same level. A named organization never falls back to the default keys; its site does fall
 * back to the default one, since connected organizations share a site. Which address may serve which keys: address.ts.
 *
 * @throws `unknown-source`, `keys-missing`, `invalid-configuration`
 */
export function resolveCredentials(source: string | undefined, settings: Settings): Credentials {
  const named = namedOrganizations(settings.config);
  const names = [...named.keys()];
  refuseSharedSuffix(source, names);
  const defaults = defaultOrganization(settings.config);
  const own = source === undefined ? defaults : (named.get(source) ?? {});
  const levels = levelsOf(source, settings);
  const level = levels.find(hasEither);
  if (!level) throw noKeys(source, levels, names);
  const addresses = source === undefined ? levels : [...levels, ...levelsOf(undefined, settings)];
  const suffix = suffixOf(source);
  const baseUrl = baseUrlOf(addresses, level, labelOf(source));
  // Keys in the environment need an address there, unless theirs is Datadog's own.
  const host = isDatadogUrl(baseUrl) ? "" : `, with DD_HOST__${suffix} for their address`;
  return {
    ...(source !== undefined && { source }),
    label: labelOf(source),
    baseUrl,
    apiKey: keyOf(level.apiKey, level.appKey, source),
    appKey: keyOf(level.appKey, level.apiKey, source),
    auth: own.auth ?? defaults.auth ?? "headers",
    keysFrom: `${level.apiKey[0]} and ${level.appKey[0]}`,
    fromStack: level.fromStack,
    override: `DD_API_KEY__${suffix} and DD_APP_KEY__${suffix}${host}`,
    ...(own.id !== undefined && { organizationId: own.id }),
  };
}

/** Whether one of its two keys is set anywhere. */
export function hasKeys(source: string | undefined, settings: Settings): boolean {
  return levelsOf(source, settings).some(hasEither);
}

/** How messages speak of an organization. */
export function labelOf(source: string | undefined): string {
  return source === undefined ? "the default organization" : `organization "${source}"`;
}

function hasEither({ apiKey, appKey }: Level): boolean {
  return isSet(apiKey) || isSet(appKey);
}

function keyOf([name, value]: Setting, [otherName]: Setting, source: string | undefined): string {
  const key = value?.trim() ?? "";
  if (key === "") {
    throw new OrgConnectionsError("keys-missing", {
      happened: `Of the keys of ${labelOf(source)}, ${otherName} is set and ${name} is not.`,
      advice: `Both come from the same place: set ${name} too.`,
    });
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new OrgConnectionsError(
      "invalid-configuration",
      `The value of ${name} cannot be a key of Datadog: it holds blanks or other signs that no key has.`,
    );
  }
  return key;
}

function refuseSharedSuffix(source: string | undefined, names: string[]): void {
  const suffix = suffixOf(source);
  const others = [undefined, ...names].filter((name) => name !== source);
  const twins = others.filter((name) => suffixOf(name) === suffix);
  if (twins.length === 0) return;
  throw sharedSuffix(labelOf(source), labelOf(twins[0]), suffix);
}

/** Two names whose environment variables are the same. */
export function sharedSuffix(label: string, twin: string, suffix: string): OrgConnectionsError {
  return new OrgConnectionsError("invalid-configuration", {
    happened: `The names of ${label} and ${twin} lead to the same environment variables (DD_API_KEY__${suffix}).`,
    advice: `Rename one of them, here and in \`${ORGANIZATIONS_KEY}\`.`,
  });
}

function noKeys(source: string | undefined, levels: Level[], names: string[]): OrgConnectionsError {
  const ways = levels.map(({ apiKey, appKey }) => `${apiKey[0]} and ${appKey[0]}`).join("; or ");
  if (source === undefined) {
    return new OrgConnectionsError("keys-missing", {
      happened: "No keys for the default organization.",
      advice: `Set ${ways}. A key in the stack's configuration is set with --secret.`,
    });
  }
  if (names.includes(source)) {
    return new OrgConnectionsError("keys-missing", {
      happened: `No keys for organization "${source}".`,
      advice: `Set ${ways}.`,
    });
  }
  const known =
    names.length === 0 ? "no organization has a name there" : `known there: ${names.sort().join(", ")}`;
  return new OrgConnectionsError(
    "unknown-source",
    {
      happened:
        `No organization is called "${source}" in \`${ORGANIZATIONS_KEY}\` (${known}), nor are its keys in the ` +
        `environment.`,
      advice: `Correct \`source\`, or set ${ways}.`,
    },
    { property: "source" },
  );
}
