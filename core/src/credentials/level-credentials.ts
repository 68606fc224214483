import { isSet, type Level } from "./levels.js";

/** Whether a level has a token or at least one of the two keys. */
export const hasKeysOrToken = ({ apiKey, appKey, bearerToken }: Level): boolean =>
  [apiKey, appKey, bearerToken].some(isSet);

/** Whether a level has credentials of any kind. They may be incomplete. */
export const hasCredentials = (level: Level): boolean => hasKeysOrToken(level) || isSet(level.identity);

/**
 * Whether the credentials of a level come from the stack's configuration or the arguments of a provider, and not from the
 * environment. An address that is not Datadog's must come from the same place (see resolve-base-url.ts).
 *
 * An identity never does, wherever it is declared. The configuration says only which identity to use. The proof of it, such as
 * the role of the machine or the token of the job, belongs to the environment, and so does the access to Datadog that the proof gives.
 * If a declaration in the configuration were enough to send the proof to an address in the configuration, a change of this
 * one file could send it to any address.
 */
export const hasStackCredentials = (level: Level): boolean => level.fromStack && !isSet(level.identity);

/** Formats the settings that hold the credentials of a level: a token, an identity, or else both keys. */
export function formatCredentialSettings({ apiKey, appKey, bearerToken, identity }: Level): string {
  if (isSet(bearerToken)) return bearerToken[0];
  return isSet(identity) ? identity[0] : `${apiKey[0]} and ${appKey[0]}`;
}

/**
 * Finds the identity that also serves every named organization with an `id` and no credentials of its own. No other credentials of
 * the default organization may do so. An identity may, because Datadog exchanges its proof for a separate token of each organization.
 *
 * @param defaultLevels - the levels of the default organization
 * @returns a level without the other credentials of the default organization
 */
export function findTopLevelIdentity(defaultLevels: readonly Level[]): Level | undefined {
  const level = defaultLevels.find(({ isTopLevel, identity }) => isTopLevel && isSet(identity));
  return (
    level && {
      ...level,
      apiKey: [level.apiKey[0], undefined],
      appKey: [level.appKey[0], undefined],
      bearerToken: [level.bearerToken[0], undefined],
    }
  );
}
