import { joinFirst } from "../api/join-first.js";
import type { Connection } from "../api/parse.js";
import { formatParty, MAX_LISTED } from "../operation/find-import-source.js";
import type { ImportSource, SourceReading } from "../operation/import-sources.js";

/** A live connection with both of its organizations. */
type CompleteConnection = Connection & Required<Pick<Connection, "source" | "sink">>;

/** A live connection that an import has found, with the configured organization that shares its data. */
export interface FoundConnection {
  source: ImportSource;
  connection: CompleteConnection;
}

/** Whether the organization of a listing is the source of a connection in it. An import finds only such connections. */
export const isOutgoing = (
  { organization }: SourceReading,
  connection: Connection,
): connection is CompleteConnection =>
  hasBothOrganizations(connection) && connection.source.id === organization.id;

/** Whether the response contained both organizations. */
export const hasBothOrganizations = (connection: Connection): connection is CompleteConnection =>
  connection.source !== undefined && connection.sink !== undefined;

/** Lists the connections from the organization of a listing. */
export const listOutgoing = (reading: SourceReading): CompleteConnection[] =>
  reading.listing.connections.filter((connection) => isOutgoing(reading, connection));

/** Formats connections as candidates of an error: `40bbb1c2-… (Payments to Observability)`. */
export const formatCandidates = (connections: readonly Connection[]): string =>
  joinFirst(
    connections.map(({ id, source, sink }) => {
      const [from, to] = [source, sink].map(
        (party) => party?.name ?? party?.id ?? "an unidentified organization",
      );
      return `${id} (${from ?? ""} to ${to ?? ""})`;
    }),
    MAX_LISTED,
  ) || "none";

/** Formats a connection and its direction: `Connection 40bbb1c2-… goes from Payments (…) to Observability (…)`. */
export const formatDirection = ({ id, source, sink }: CompleteConnection): string =>
  `Connection ${id} goes from ${formatParty(source)} to ${formatParty(sink)}`;
