import { resolveCredentials, type Settings } from "datadog-org-connections-core/credentials/resolve.js";
import {
  defaultOrganization,
  namedOrganizations,
} from "datadog-org-connections-core/credentials/settings.js";
import { isOrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";

/** The name of an organization in a program; none for the default organization. */
export type Source = string | undefined;

/**
 * Which names of a program lead to the same organization for certain: those with the same configured `id`, and those with
 * the same credentials at the same address. Credentials that cannot be resolved in the program (a preview without keys)
 * are not compared. Makes no request. Holds keys: never print it.
 */
export class OrganizationNames {
  /** By name, all names of its organization, which share one set. */
  private readonly groups = new Map<Source, Set<Source>>();
  private readonly ids = new Map<Source, string>();
  /** By each thing that identifies an organization, a name that has it. */
  private readonly known = new Map<string, Source>();

  constructor(private readonly settings: () => Settings) {}

  /** All names so far that lead to the organization of this one, itself among them. */
  sameAs(source: Source): ReadonlySet<Source> {
    return this.groups.get(source) ?? this.add(source);
  }

  /** Whether both have a configured `id`, and not the same one. It is checked against the keys before the first write. */
  areDifferent(a: Source, b: Source): boolean {
    this.sameAs(b);
    if (this.sameAs(a).has(b)) return false;
    const [idOfA, idOfB] = [this.ids.get(a), this.ids.get(b)];
    return idOfA !== undefined && idOfB !== undefined && idOfA !== idOfB;
  }

  private add(source: Source): Set<Source> {
    const group = new Set([source]);
    for (const mark of this.marksOf(source)) {
      if (!this.known.has(mark)) this.known.set(mark, source);
      const other = this.known.get(mark);
      for (const name of this.groups.get(other) ?? []) group.add(name);
    }
    for (const name of group) this.groups.set(name, group);
    return group;
  }

  /** What identifies the organization of a name: its configured `id`, and its credentials. */
  private marksOf(source: Source): string[] {
    const settings = this.settings();
    const id = attempt(() =>
      source === undefined
        ? defaultOrganization(settings.config).id
        : namedOrganizations(settings.config).get(source)?.id,
    );
    if (id !== undefined) this.ids.set(source, id);
    const credentials = attempt(() => resolveCredentials(source, settings));
    return [
      ...(id === undefined ? [] : [id]),
      ...(credentials ? [JSON.stringify([credentials.baseUrl, credentials.apiKey, credentials.appKey])] : []),
    ];
  }
}

/** Wrong settings are for the provider to report. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!isOrgConnectionsError(error)) throw error;
    return undefined;
  }
}
