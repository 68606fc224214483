import { isUuid } from "../text/data.js";
import type { OperationContext } from "../operation/operation-context.js";
import { buildState, deriveInputs } from "./fields.js";
import { encodeText } from "../text/escape-text.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import type { Connection } from "../api/parse.js";
import {
  formatFailures,
  listImportSources,
  readSources,
  requireImportSource,
  type FailedReading,
  type ImportSource,
  type SourceReading,
} from "../operation/import-sources.js";
import { findById, findByPair } from "./existing.js";
import { formatParty } from "./format-connection.js";
import type { Inputs, State } from "./types.js";

/** An imported connection: its ID, its state, and the inputs that declare it. */
export interface ImportResult {
  connectionId: string;
  state: State;
  inputs: Inputs;
}

/** A live connection with both of its organizations. */
type CompleteConnection = Connection & Required<Pick<Connection, "source" | "sink">>;

/** A live connection that an import has found, with the configured organization that shares its data. */
interface FoundConnection {
  source: ImportSource;
  connection: CompleteConnection;
}

/**
 * Finds the live connection to import, or to read for a `get`. Changes nothing in Datadog. The imports of an operation share the
 * listing of each organization for up to a minute.
 *
 * @param id - the UUID of the connection, or `SOURCE/DESTINATION_UUID`
 * @throws `connection-not-found`, `wrong-organization`, `organization-unproven`, `unknown-source`, `invalid-input`,
 *   `unexpected-response`, and the errors of the credentials and of a request
 */
export async function findConnectionToImport(context: OperationContext, id: string): Promise<ImportResult> {
  const {
    source: { source },
    connection,
  } = isUuid(id.trim().toLowerCase())
    ? await findConnectionById(context, id.trim().toLowerCase())
    : await findConnectionByPair(context, id);
  // A connection without types was created before types existed. Datadog chooses its shared data.
  const connectionTypes = connection.connectionTypes.length > 0 ? connection.connectionTypes : undefined;
  const inputs = { source, sinkOrgId: connection.sink.id, connectionTypes };
  const state = buildState(inputs, connection);
  return { connectionId: connection.id, state, inputs: deriveInputs(state) };
}

/**
 * Finds a connection by its ID. Searches the listing of the default organization first, then the listings of the other configured
 * organizations that may be the source. Only the source organization can change a connection
 * (https://docs.datadoghq.com/api/latest/org-connections/), so only its listing counts.
 *
 * @throws `wrong-organization` if the destination of the connection is configured, but not its source
 * @throws `connection-not-found` if no listing has the connection
 * @throws the code of the first failure, instead of these two codes, if an organization could not be read
 * @throws `unexpected-response` if the row of the connection lacks an organization
 * @throws the errors of the settings
 */
async function findConnectionById(context: OperationContext, connectionId: string): Promise<FoundConnection> {
  const sources = listImportSources(context);
  const isDefault = ({ source }: ImportSource) => source === undefined;
  const first = await readSources(sources.filter(isDefault));
  const inDefault = findOutgoing(first.readings, connectionId);
  if (inDefault) return inDefault;
  // If the default organization is the destination, its listing shows the source. Then only organizations that may be the source
  // are read.
  const sourceOrgId = findRow(first.readings, connectionId)?.source?.id;
  const rest = await readSources(
    sources.filter((source) => !isDefault(source) && canHaveId(source, sourceOrgId)),
  );
  const found = findOutgoing(rest.readings, connectionId);
  if (found) return found;
  throw createNotFoundError(
    connectionId,
    [...first.readings, ...rest.readings],
    [...first.failures, ...rest.failures],
  );
}

/** Whether a configured organization may have this UUID. Returns true if one of the two UUIDs is not known. */
function canHaveId(source: ImportSource, organizationId: string | undefined): boolean {
  const configuredId = source.findConfiguredId();
  return organizationId === undefined || configuredId === undefined || configuredId === organizationId;
}

function findOutgoing(readings: readonly SourceReading[], connectionId: string): FoundConnection | undefined {
  for (const reading of readings) {
    const connection = findById(reading.listing, connectionId);
    if (connection && isOutgoing(reading, connection)) return { source: reading.source, connection };
  }
  return undefined;
}

const findRow = (readings: readonly SourceReading[], connectionId: string): Connection | undefined =>
  readings.map(({ listing }) => findById(listing, connectionId)).find((row) => row !== undefined);

/** Creates the error for a connection that was not found in a listing of its source. */
function createNotFoundError(
  connectionId: string,
  readings: readonly SourceReading[],
  failures: readonly FailedReading[],
): OrgConnectionsError {
  const row = findRow(readings, connectionId);
  if (row && !hasBothOrganizations(row)) {
    return new OrgConnectionsError("unexpected-response", {
      happened: `Datadog lists connection ${connectionId} without its source or destination.`,
      advice: "Run the command again.",
    });
  }
  // The organization that shares the data may be among those that could not be read.
  const [failure] = failures;
  if (row) {
    return new OrgConnectionsError(failure?.error.code ?? "wrong-organization", {
      happened: failure
        ? `${formatDirection(row)}, but no configured organization that could be read is its source.${formatFailures(failures)}`
        : `${formatDirection(row)}, but no configured organization is its source.`,
      advice:
        failure?.error.advice ??
        `Configure the credentials of ${formatParty(row.source)}, and run the command again.`,
    });
  }
  return new OrgConnectionsError(failure?.error.code ?? "connection-not-found", {
    happened:
      `No configured organization${failure ? " that could be read" : ""} is the source of a connection ${connectionId}.` +
      formatFailures(failures),
    advice:
      failure?.error.advice ??
      "Check the ID, and configure the credentials of the organization that shares the data. " +
        "`datadog-org-connections inventory` lists the IDs.",
  });
}

/**
 * Finds a connection by `SOURCE/DESTINATION_UUID`. The name of the source may contain slashes.
 *
 * @throws `invalid-input`, `unknown-source`, `connection-not-found`, `wrong-organization`, `organization-unproven`, and the errors
 *   of the credentials and of a request
 */
async function findConnectionByPair(context: OperationContext, id: string): Promise<FoundConnection> {
  const at = id.lastIndexOf("/");
  const reference = id.slice(0, Math.max(at, 0)).trim();
  const sinkOrgId = id
    .slice(at + 1)
    .trim()
    .toLowerCase();
  if (reference === "" || !isUuid(sinkOrgId)) {
    throw new OrgConnectionsError("invalid-input", {
      happened: `"${encodeText(id)}" is not the ID of a connection.`,
      advice:
        "Use the UUID of a connection, which `datadog-org-connections inventory` lists, or `SOURCE/DESTINATION_UUID`. `SOURCE` is " +
        "`default`, or the name or UUID of a configured organization. `DESTINATION_UUID` is the UUID of the destination organization.",
    });
  }
  const source = await requireImportSource(context, reference);
  const { organization, listing } = await source.read();
  const connection = findByPair(listing, organization.id, sinkOrgId);
  if (connection && hasBothOrganizations(connection)) return { source, connection };
  const reverse = findByPair(listing, sinkOrgId, organization.id);
  if (reverse && hasBothOrganizations(reverse)) {
    throw new OrgConnectionsError("wrong-organization", {
      happened: `No connection matches "${encodeText(id)}". In the other direction: ${formatDirection(reverse)}.`,
      advice:
        `Import it with an ID of the form SOURCE/DESTINATION_UUID, where SOURCE is the organization that shares its data: ` +
        `${formatParty(reverse.source)}. The credentials of SOURCE must be configured.`,
    });
  }
  throw new OrgConnectionsError("connection-not-found", {
    happened: `No connection goes from ${formatParty(organization)} to ${sinkOrgId}.`,
    advice:
      "Check the ID, and check that the configured credentials belong to the organization that shares its data. " +
      "`datadog-org-connections inventory` lists the connections.",
  });
}

/** Whether a connection in a listing has both organizations, and the organization of the listing is the source. */
const isOutgoing = (
  { organization }: SourceReading,
  connection: Connection,
): connection is CompleteConnection =>
  hasBothOrganizations(connection) && connection.source.id === organization.id;

/** Whether the response contained both organizations of a connection. */
export const hasBothOrganizations = (connection: Connection): connection is CompleteConnection =>
  connection.source !== undefined && connection.sink !== undefined;

/** Lists the connections in a listing for which {@link isOutgoing} is true. */
export const listOutgoing = (reading: SourceReading): CompleteConnection[] =>
  reading.listing.connections.filter((connection) => isOutgoing(reading, connection));

/** Formats a connection and its direction: `Connection 40bbb1c2-… goes from Payments (…) to Observability (…)`. */
const formatDirection = ({ id, source, sink }: CompleteConnection): string =>
  `Connection ${id} goes from ${formatParty(source)} to ${formatParty(sink)}`;
