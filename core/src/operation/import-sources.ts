import { encodeText } from "../text/escape-text.js";
import { isOrgConnectionsError, OrgConnectionsError } from "../api/org-connections-error.js";
import { joinFirst } from "../text/phrases.js";
import type { Listing } from "../api/paging.js";
import type { Party } from "../api/parse.js";
import { isUuid } from "../text/data.js";
import { toVariableSuffix } from "../credentials/setting-names.js";
import { mapConcurrent } from "./map-concurrent.js";
import type { OperationContext } from "./operation-context.js";
import { requireProvenCaller } from "./prove-caller.js";
import type { Session } from "./session.js";

/** The maximum count of organizations that an import reads concurrently. */
const MAX_CONCURRENT = 8;

/** The maximum count of entries in one list of a message. */
export const MAX_LISTED = 20;

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
function findConfiguredSource(context: OperationContext, reference: string): ImportSource | undefined {
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

/**
 * Finds a configured organization by its name in the settings or its UUID. Only if no settings contain this UUID, reads all
 * configured organizations.
 *
 * @throws `unknown-source`, and the errors of the settings
 */
export async function requireImportSource(
  context: OperationContext,
  reference: string,
): Promise<ImportSource> {
  const configured = findConfiguredSource(context, reference);
  if (configured) return configured;
  const id = reference.toLowerCase();
  const { readings, failures } = await readSources(isUuid(id) ? listImportSources(context) : []);
  const found = readings.find(({ organization }) => organization.id === id);
  if (found) return found.source;
  const suffix = toVariableSuffix(reference);
  throw new OrgConnectionsError("unknown-source", {
    happened:
      `No configured organization${failures.length > 0 ? " that could be read" : ""} has the name or UUID "${encodeText(reference)}" (configured: ${formatSources(context)}).` +
      formatFailures(failures),
    advice:
      `Use the name or UUID of a configured organization, or \`default\`. If the organization is not configured, set its ` +
      `credentials: DD_API_KEY__${suffix} and DD_APP_KEY__${suffix}, or its entry in the stack's configuration.`,
  });
}

/** Formats the configured organizations: `default, payments`. */
const formatSources = (context: OperationContext): string =>
  joinFirst(
    listImportSources(context).map(({ source }) => source ?? "default"),
    MAX_LISTED,
  );

/** Formats why some organizations could not be read, as a sentence that begins with a space. Empty if all could be read. */
export const formatFailures = (failures: readonly FailedReading[]): string =>
  failures.length === 0
    ? ""
    : ` Some organizations could not be read: ${joinFirst(
        [...new Set(failures.map(({ error }) => `${error.happened} [${error.code}]`))],
        MAX_LISTED,
      )}.`;
