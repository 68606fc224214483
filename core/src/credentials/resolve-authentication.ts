import { findTokenOwner, type Authentication, type KeyLocation } from "../api/authentication.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { isSet, type Level, type Setting } from "./levels.js";
import { NAMESPACE } from "./setting-names.js";

/**
 * Resolves the credentials of one level: a token or both keys, never a mixture. Which of the two would apply if both are set is not
 * obvious, and the wrong one may belong to another organization.
 *
 * @param levels - all levels of the organization, highest precedence first
 * @param level - the first one that has a token or a key
 * @param location - the value of `auth`
 * @throws `credentials-missing`, `invalid-configuration`
 */
export function resolveAuthentication(
  levels: readonly Level[],
  level: Level,
  location: KeyLocation,
  label: string,
): Authentication {
  const { apiKey, appKey, bearerToken } = level;
  if (!isSet(bearerToken)) {
    return {
      kind: "keys",
      apiKey: readKey(apiKey, appKey, level, label),
      appKey: readKey(appKey, apiKey, level, label),
      location,
    };
  }
  const key = [apiKey, appKey].find(isSet);
  if (key) throw createMixedError(bearerToken, key, levels, level, label);
  if (location === "query") throw createQueryError(bearerToken, label);
  return {
    kind: "token",
    token: readSecret(bearerToken, "bearer token", "Set only the token, without the word Bearer."),
  };
}

function readKey(setting: Setting, other: Setting, { bearerToken }: Level, label: string): string {
  if (isSet(setting)) return readSecret(setting, "Datadog key");
  const isToken = findTokenOwner(other[1]?.trim() ?? "") !== undefined;
  throw new OrgConnectionsError("credentials-missing", {
    happened: `Only one of the two keys of ${label} is set: ${other[0]} is set, but ${setting[0]} is not.`,
    advice: isToken
      ? `The value of ${other[0]} is an access token, which needs no key beside it: set ${bearerToken[0]} to it, and unset ${other[0]}.`
      : `Set ${setting[0]} too, because both keys must come from the same level of settings.`,
  });
}

function readSecret([name, value]: Setting, kind: string, advice?: string): string {
  const secret = value?.trim() ?? "";
  if (/^[\x21-\x7e]+$/.test(secret)) return secret;
  throw new OrgConnectionsError("invalid-configuration", {
    happened: `The value of ${name} is not a valid ${kind}: it contains spaces or other invalid characters.`,
    advice,
  });
}

function createMixedError(
  [tokenName]: Setting,
  [keyName]: Setting,
  levels: readonly Level[],
  level: Level,
  label: string,
): OrgConnectionsError {
  const [first = level] = levels;
  // Other programs may need a variable without a suffix, such as the Datadog Agent.
  const other = first === level ? "" : `, or set ${first.bearerToken[0]}, which takes precedence over both`;
  return new OrgConnectionsError("invalid-configuration", {
    happened: `Both a bearer token and a key are set for ${label}: ${tokenName} and ${keyName}.`,
    advice: `Unset one of them${other}.`,
  });
}

function createQueryError([tokenName]: Setting, label: string): OrgConnectionsError {
  return new OrgConnectionsError("invalid-configuration", {
    happened: `The bearer token of ${label} (${tokenName}) cannot be sent as a query parameter, but \`auth\` is "query".`,
    advice: `Set \`auth\` of this organization to "headers", or remove \`${NAMESPACE}:auth\` if it is set for all.`,
  });
}
