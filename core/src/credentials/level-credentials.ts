import { isSet, type Level } from "./levels.js";

/** Whether a level has a token or at least one of the two keys. */
export const hasKeysOrToken = ({ apiKey, appKey, bearerToken }: Level): boolean =>
  [apiKey, appKey, bearerToken].some(isSet);

/** Whether a level has credentials of any kind. They may be incomplete. */
export const hasCredentials = (level: Level): boolean => hasKeysOrToken(level) || isSet(level.identity);

/**
 * Whether the credentials of a level come from the stack's configuration or the arguments of a provider. An address that does not
 * belong to Datadog must come from the same place as the credentials (`resolve-base-url.ts`).
 *
 * Always false for an identity, because its proof comes from the environment, such as the token of a job. If the result were true,
 * a change to the configuration alone could declare an identity and an address, and send the proof to that address.
 */
export const hasConfigCredentials = (level: Level): boolean => level.fromConfig && !isSet(level.identity);

/** Formats the names of the settings that contain the credentials of a level: a token, an identity, or else both keys. */
export function formatCredentialSettings({ apiKey, appKey, bearerToken, identity }: Level): string {
  if (isSet(bearerToken)) return bearerToken[0];
  return isSet(identity) ? identity[0] : `${apiKey[0]} and ${appKey[0]}`;
}

/**
 * Finds the shared identity. This identity of the default organization also serves every named organization that has an `id` but
 * no credentials. Keys and tokens belong to one organization, so they are never shared. An identity can be shared, because
 * Datadog exchanges its proof for a separate token for each organization.
 *
 * @param defaultLevels - the levels of the default organization
 * @returns the level with this identity, without its keys and its token; `undefined` if there is no shared identity
 */
export function findSharedIdentity(defaultLevels: readonly Level[]): Level | undefined {
  const level = defaultLevels.find(({ sharesIdentity, identity }) => sharesIdentity && isSet(identity));
  return (
    level && {
      ...level,
      apiKey: [level.apiKey[0], undefined],
      appKey: [level.appKey[0], undefined],
      bearerToken: [level.bearerToken[0], undefined],
    }
  );
}
