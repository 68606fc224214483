import { isSet } from "./credential-kinds.js";
import { getLevels, hasStoredCredentials, listVariableSuffixes } from "./levels.js";
import { toOrganizationName, toVariableSuffix } from "./setting-names.js";
import { formatIdentifier, resolveCredentials, type Settings } from "./resolve.js";
import { readDefaultOrganization, readNamedOrganizations } from "./settings.js";
import { isOrgConnectionsError, type OrgConnectionsError } from "../api/org-connections-error.js";

/** The name of an organization in a program; undefined for the default organization. */
export type Source = string | undefined;

/**
 * Finds the names in a program that certainly refer to the same organization. These names have the same configured `id`, or the
 * same credentials at the same address. Ignores credentials that cannot be resolved in this process. Sends no request. An
 * instance contains credentials: never print it.
 */
export class OrganizationNames {
  /** For each name, all names of its organization. Names of the same organization share one set. */
  private readonly groups = new Map<Source, Set<Source>>();
  private readonly ids = new Map<Source, string>();
  private readonly withoutCredentials = new Set<Source>();
  /** For each identifier (see {@link listIdentifiers}), the first name that has it. */
  private readonly namesByIdentifier = new Map<string, Source>();

  constructor(private readonly getSettings: () => Settings) {}

  /**
   * Whether the credentials of the name are set in this process. A single key without the other does not count. True if the
   * credentials or other settings are invalid.
   */
  hasCredentials(source: Source): boolean {
    this.findEquivalentNames(source);
    return !this.withoutCredentials.has(source);
  }

  /** Returns this name, and all names passed to this instance so far that certainly refer to the same organization. */
  findEquivalentNames(source: Source): ReadonlySet<Source> {
    return this.groups.get(source) ?? this.add(source);
  }

  /**
   * Whether two names certainly refer to different organizations. Both names have a configured `id`, the two ids differ, and the
   * names are not equivalent ({@link findEquivalentNames}). A configured `id` can be trusted, because the credentials are checked
   * against it before the first write.
   */
  isDifferentOrganization(a: Source, b: Source): boolean {
    this.findEquivalentNames(b);
    if (this.findEquivalentNames(a).has(b)) return false;
    const [idOfA, idOfB] = [this.ids.get(a), this.ids.get(b)];
    return idOfA !== undefined && idOfB !== undefined && idOfA !== idOfB;
  }

  private add(source: Source): Set<Source> {
    const group = new Set([source]);
    for (const identifier of this.listIdentifiers(source)) {
      if (!this.namesByIdentifier.has(identifier)) this.namesByIdentifier.set(identifier, source);
      const other = this.namesByIdentifier.get(identifier);
      for (const name of this.groups.get(other) ?? []) group.add(name);
    }
    for (const name of group) this.groups.set(name, group);
    return group;
  }

  /**
   * Lists what identifies the organization of a name: its configured `id` and its credentials. Also stores the `id`, and whether
   * credentials are missing.
   */
  private listIdentifiers(source: Source): string[] {
    const settings = this.getSettings();
    const configuredId = ignoreSettingsError(() =>
      source === undefined
        ? readDefaultOrganization(settings.config).id
        : readNamedOrganizations(settings.config).get(source)?.id,
    );
    const credentials = ignoreSettingsError(
      () => resolveCredentials(source, settings),
      (error) => {
        if (isOrgConnectionsError(error, "unknown-source", "credentials-missing"))
          this.withoutCredentials.add(source);
      },
    );
    // The `id` may be in the environment instead: DD_ORG_UUID__PAYMENTS.
    const id = configuredId ?? credentials?.organizationId;
    if (id !== undefined) this.ids.set(source, id);
    return [...(id === undefined ? [] : [id]), ...(credentials ? [formatIdentifier(credentials)] : [])];
  }
}

/** Returns undefined if the settings are invalid or missing. The provider reports the error. */
function ignoreSettingsError<T>(
  work: () => T,
  onError: (error: OrgConnectionsError) => void = () => undefined,
): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!isOrgConnectionsError(error)) throw error;
    onError(error);
    return undefined;
  }
}

/**
 * Lists the names of the organizations in the settings, in this order:
 *
 * - the default organization (`undefined`), if it has a key, a token, or both an identity and an `id`;
 * - the organizations that the stack's configuration names;
 * - the organizations that only environment variables name, such as `shop` for `DD_API_KEY__SHOP`. `DD_ORG_UUID__SHOP` alone is
 *   enough, because the shared identity (`findSharedIdentity`) may serve the organization.
 *
 * @param spellings - the spelling of each name in the configurations of all stacks, by the suffix of its variables
 * @throws `invalid-configuration`
 */
export function listSources(
  settings: Settings,
  spellings: ReadonlyMap<string, string> = new Map(),
): (string | undefined)[] {
  const named = [...readNamedOrganizations(settings.config).keys()];
  const known = new Set([undefined, ...named].map(toVariableSuffix));
  const byVariable = listVariableSuffixes(settings.env)
    .filter((suffix) => !known.has(suffix))
    .map((suffix) => spellings.get(suffix) ?? toOrganizationName(suffix));
  return [
    ...(hasDefaultOrganization(settings) ? [undefined] : []),
    ...named,
    ...[...new Set(byVariable)].toSorted(),
  ];
}

/**
 * Whether the default organization has credentials. An identity without an `id` does not count, because it may be meant only for
 * the named organizations.
 */
function hasDefaultOrganization(settings: Settings): boolean {
  const levels = getLevels(undefined, settings);
  const hasSetting = (setting: "id" | "identity") => levels.some((level) => isSet(level[setting]));
  return levels.some(hasStoredCredentials) || (hasSetting("identity") && hasSetting("id"));
}
