import { encodeText } from "../text/escape-text.js";
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

/** The listing of a configured organization, read with credentials that are proven to belong to this organization. */
export interface SourceReading {
  source: ImportSource;
  organization: Party;
  /** All connections from or to the organization. */
  listing: Listing;
}

/** Why a configured organization could not be read. */
export interface FailedReading {
  source: ImportSource;
  error: OrgConnectionsError;
}

/** A configured organization, in which an import may find connections. */
export class ImportSource {
  private session: Session | undefined;
  private latest: SourceReading | undefined;
  private failure: OrgConnectionsError | undefined;

  constructor(
    /** The name in the settings; undefined for the default organization. */
    readonly source: string | undefined,
    private readonly openSession: () => Session,
  ) {}

  /** Returns the configured UUID, without a request. Returns undefined if no UUID is set or the credentials cannot be resolved. */
  findConfiguredId(): string | undefined {
    try {
      return this.getSession().credentials.organizationId;
    } catch (error) {
      // The import may be for another organization. If it is for this one, reading it throws the error.
      if (isOrgConnectionsError(error)) return undefined;
      throw error;
    }
  }

  /**
   * Reads the listing. The imports of an operation share each listing for up to a minute. They share a failure until the operation
   * ends: during an outage, new attempts for each of a thousand imports would take hours. Requires proven credentials, because the
   * listing of another organization has other connections.
   *
   * @throws `organization-unproven` or `wrong-organization` if the credentials are not proven to belong to the organization, and
   *   the errors of the settings and of a request
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

  /**
   * Finds the name of the organization in Datadog. Requests the name if no row of the listing contains it. Returns undefined if the
   * name is unknown or a permission for this request is missing.
   */
  async findName({ organization }: SourceReading): Promise<string | undefined> {
    if (organization.name !== undefined) return organization.name;
    try {
      const { organizations } = await this.getSession().getOrganizations();
      return organizations.find(({ id }) => id === organization.id)?.name;
    } catch (error) {
      // This request needs a permission that most imports do not need.
      if (isOrgConnectionsError(error, "forbidden", "not-found")) return undefined;
      throw error;
    }
  }

  /** Opens the session once, without a request. @throws `credentials-missing` and the other errors of the settings */
  private getSession(): Session {
    return (this.session ??= this.openSession());
  }
}

/** Builds the organization of a listing, with its name if a row contains the name. */
function createParty(id: string, { connections }: Listing): Party {
  const name = connections
    .flatMap(({ source, sink }) => [source, sink])
    .find((party) => party?.id === id && party.name !== undefined)?.name;
  return { id, ...(name !== undefined && { name }) };
}

const sourcesByContext = new WeakMap<OperationContext, readonly ImportSource[]>();

/**
 * Lists the configured organizations, the default organization first. All imports of an operation get the same objects, and
 * therefore share their listings and failures.
 *
 * @throws `credentials-missing` if none is configured, and the other errors of the settings
 */
export function listImportSources(context: OperationContext): readonly ImportSource[] {
  const known = sourcesByContext.get(context);
  if (known) return known;
  const sources = context
    .listConfiguredOrganizations()
    .map(({ source, createSession }) => new ImportSource(source, createSession));
  // Throws the error that says which settings to set.
  if (sources.length === 0) context.getSession(undefined);
  sourcesByContext.set(context, sources);
  return sources;
}

/**
 * Reads several organizations. After a failure, continues with the others, because another organization may have the connection to
 * import. `readings` and `failures` are in the order of `sources`.
 */
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
  for (const result of results) {
    if ("error" in result) failures.push(result);
    else readings.push(result);
  }
  return { readings, failures };
}

/**
 * Finds a configured organization by its name in the settings or its configured UUID. Sends no request. `default` is the default
 * organization. The name may be spelled as in environment variables: `TEAM_01` for `team-01`.
 *
 * @throws `credentials-missing` if no organization is configured, or if `reference` is `default` and the default organization is
 *   not configured
 * @throws the other errors of the settings
 */
export function findConfiguredSource(context: OperationContext, reference: string): ImportSource | undefined {
  const sources = listImportSources(context);
  const exact = sources.find(({ source }) => source === reference);
  if (exact) return exact;
  // Only a reference of letters, digits, `_` and `-` gets a suffix. "Team 01" would get the suffix of "team-01", which may be
  // another organization.
  const suffix = /^[\w-]+$/.test(reference) ? toVariableSuffix(reference) : undefined;
  const bySuffix = sources.find(({ source }) => toVariableSuffix(source) === suffix);
  if (bySuffix) return bySuffix;
  // Throws the error that says which settings to set for the default organization.
  if (suffix === toVariableSuffix(undefined)) context.getSession(undefined);
  return sources.find((source) => source.findConfiguredId() === reference.toLowerCase());
}

/** Whether a name from a user equals a name from the API, which is already escaped. Ignores case, and spaces at either end. */
export const isSameName = (given: string, name: string | undefined): boolean =>
  name !== undefined && encodeText(given.trim()).toLowerCase() === name.trim().toLowerCase();
