import { encodeText } from "../api/escape-text.js";
import { isOrgConnectionsError, type OrgConnectionsError } from "../api/org-connections-error.js";
import type { Listing } from "../api/paging.js";
import type { Party } from "../api/parse.js";
import { toVariableSuffix } from "../credentials/organization-name.js";
import { mapConcurrent } from "./map-concurrent.js";
import type { OperationContext } from "./operation-context.js";
import { requireProvenCaller } from "./prove-caller.js";
import type { Session } from "./session.js";

/** The maximum count of organizations that an import reads concurrently. */
const MAX_CONCURRENT = 8;

/** The listing of a configured organization. Its credentials are proven to belong to it. */
export interface SourceReading {
  source: ImportSource;
  organization: Party;
  /** All connections from and to it. */
  listing: Listing;
}

/** Why a configured organization could not be read. */
export interface FailedReading {
  source: ImportSource;
  error: OrgConnectionsError;
}

/** A configured organization, whose connections an import may find. */
export class ImportSource {
  private session: Session | undefined;
  private latest: SourceReading | undefined;
  private failure: OrgConnectionsError | undefined;

  constructor(
    /** Its name in the settings; undefined for the default organization. */
    readonly source: string | undefined,
    private readonly openSession: () => Session,
  ) {}

  /** Returns the UUID from the settings, without a request. */
  findConfiguredId(): string | undefined {
    try {
      return this.getSession().credentials.organizationId;
    } catch (error) {
      // Another organization may be the one that the user means. The error appears when this one is read.
      if (isOrgConnectionsError(error)) return undefined;
      throw error;
    }
  }

  /**
   * Reads the listing, which all imports of this operation share. They share a failure too: during an outage, new attempts for each
   * of a thousand imports would take hours.
   *
   * @throws `organization-unproven` or `wrong-organization` if the credentials are not proven to belong to the organization: the listing
   * of another one has other connections
   */
  async read(): Promise<SourceReading> {
    if (this.failure) throw this.failure;
    try {
      const session = this.getSession();
      const id = await requireProvenCaller(session, "The import");
      const listing = await session.getListing();
      if (this.latest?.listing !== listing)
        this.latest = { source: this, organization: createParty(id, listing), listing };
      return this.latest;
    } catch (error) {
      if (isOrgConnectionsError(error)) this.failure = error;
      throw error;
    }
  }

  /** Finds the name of the organization in Datadog. If it has no connections, no row contains the name, so it is requested. */
  async findName({ organization }: SourceReading): Promise<string | undefined> {
    if (organization.name !== undefined) return organization.name;
    try {
      const { organizations } = await this.getSession().getOrganizations();
      return organizations.find(({ id }) => id === organization.id)?.name;
    } catch (error) {
      // This request needs a permission that an import does not need.
      if (isOrgConnectionsError(error, "forbidden", "not-found")) return undefined;
      throw error;
    }
  }

  /** Opens the session, without a request. @throws `credentials-missing` and the other errors of the settings */
  private getSession(): Session {
    return (this.session ??= this.openSession());
  }
}

function createParty(id: string, { connections }: Listing): Party {
  const name = connections.flatMap(({ source, sink }) => [source, sink]).find((end) => end?.id === id)?.name;
  return { id, ...(name !== undefined && { name }) };
}

const sourcesByContext = new WeakMap<OperationContext, readonly ImportSource[]>();

/**
 * Lists the configured organizations, the default one first. All imports of an operation share them, and so their listings and
 * failures.
 *
 * @throws `credentials-missing` if none is configured
 */
export function listImportSources(context: OperationContext): readonly ImportSource[] {
  const known = sourcesByContext.get(context);
  if (known) return known;
  const sources = context
    .listConfiguredOrganizations()
    .map(({ source, createSession }) => new ImportSource(source, createSession));
  // Throws the error that names the settings.
  if (sources.length === 0) context.getSession(undefined);
  sourcesByContext.set(context, sources);
  return sources;
}

/** Reads several organizations. If one fails, another one may still have the connection. */
export async function readSources(
  sources: readonly ImportSource[],
): Promise<{ readings: SourceReading[]; failures: FailedReading[] }> {
  const readings: SourceReading[] = [];
  const failures: FailedReading[] = [];
  const results = await mapConcurrent(sources, MAX_CONCURRENT, async (source) => {
    try {
      return await source.read();
    } catch (error) {
      if (isOrgConnectionsError(error)) return { source, error };
      throw error;
    }
  });
  // In the order of the settings.
  for (const result of results) {
    if ("error" in result) failures.push(result);
    else readings.push(result);
  }
  return { readings, failures };
}

/**
 * Finds a configured organization without a request: by its name in the settings, where `default` is the default organization, or by
 * its configured UUID. The name may be spelled as in environment variables: `TEAM_01` is `team-01`.
 *
 * @throws `credentials-missing` if `reference` is `default`, which is not configured, and the other errors of the settings
 */
export function findConfiguredSource(context: OperationContext, reference: string): ImportSource | undefined {
  const sources = listImportSources(context);
  const exact = sources.find(({ source }) => source === reference);
  if (exact) return exact;
  // With any other character, such as in "Team 01", the reference can only be a name in Datadog. Its suffix would be that of
  // "team-01", which may be another organization.
  const suffix = /^[\w-]+$/.test(reference) ? toVariableSuffix(reference) : "";
  const bySuffix = sources.find(({ source }) => toVariableSuffix(source) === suffix);
  if (bySuffix) return bySuffix;
  // Throws the error that names the settings of the default organization.
  if (suffix === toVariableSuffix(undefined)) context.getSession(undefined);
  return sources.find((source) => source.findConfiguredId() === reference.toLowerCase());
}

/** Compares a name from a user with one from the API, whose invisible characters are escaped. Case does not count. */
export const isSameName = (given: string, name: string | undefined): boolean =>
  name !== undefined && encodeText(given.trim()).toLowerCase() === name.trim().toLowerCase();
