import { OrgConnectionsError } from "../api/org-connections-error.js";
import type { Connection } from "../api/parse.js";
import { formatFailures, formatParty } from "../operation/find-import-source.js";
import {
  listImportSources,
  readSources,
  type FailedReading,
  type ImportSource,
  type SourceReading,
} from "../operation/import-sources.js";
import type { OperationContext } from "../operation/operation-context.js";
import { findById } from "./find-connection.js";
import {
  formatCandidates,
  formatDirection,
  isOutgoing,
  hasBothOrganizations,
  listOutgoing,
  type FoundConnection,
} from "./import-candidates.js";

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
export async function findConnectionById(
  context: OperationContext,
  connectionId: string,
): Promise<FoundConnection> {
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
      `No configured organization${failure ? " that could be read" : ""} is the source of a connection ${connectionId}. ` +
      `Connections that can be imported: ${formatCandidates(readings.flatMap(listOutgoing))}.${formatFailures(failures)}`,
    advice:
      failure?.error.advice ??
      "Check the ID, and configure the credentials of the organization that shares the data. " +
        "`datadog-org-connections inventory` lists the IDs.",
  });
}
