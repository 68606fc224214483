import { joinFirst } from "../text/phrases.js";
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

/** Whether a connection in a listing has both organizations, and the organization of the listing is the source. */
export const isOutgoing = (
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

/** Formats connections for an error message, at most {@link MAX_LISTED} of them: `40bbb1c2-… (Payments to Observability)`. */
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
