import type { InventoryRow } from "../live/inventory.js";
import type { ManagedConnection } from "../stack/managed.js";
import type { Topology, TopologyConnection, TopologyOrganization } from "./topology.js";

/**
 * A connection in one input, which is a state or the merged lists of live connections. A live connection has only one row, even if
 * both of its organizations list it.
 */
export interface ConnectionRow {
  /** UUID of the connection. */
  id?: string;
  source: TopologyEnd;
  sink: TopologyEnd;
  /** Left out if unknown. If empty, Datadog chooses the types. */
  types?: readonly string[];
  /** RFC 3339. */
  createdAt?: string;
  /** The user: the name, otherwise the handle or the UUID. */
  createdBy?: string;
  /** The stacks, or files with states of Terraform, that manage the connection. Left out or empty if none is known. */
  managedBy?: readonly string[];
}

/** An organization at one end of a connection. */
interface TopologyEnd {
  /** UUID, or a unique string if the UUID is unknown. */
  id: string;
  name?: string;
  /** Whether the UUID is unknown. Another row of the connection may contain it. */
  isUnknown?: boolean;
}

/**
 * Builds a topology from rows. Merges the rows of the same connection, such as rows of two states. A later row adds only what the
 * earlier row lacks. The stacks of the rows are combined.
 *
 * @param stacks - the stacks and files that were read. Left out if none was read. Then no connection counts as unmanaged
 */
export function buildTopology(rows: readonly ConnectionRow[], stacks?: readonly string[]): Topology {
  const merged = new Map<string, ConnectionRow>();
  const names = new Map<string, string>();
  for (const row of rows) {
    for (const end of [row.source, row.sink]) addName(names, end);
    const key = (row.id ?? `${row.source.id} ${row.sink.id}`).toLowerCase();
    const existing = merged.get(key);
    merged.set(key, existing ? mergeRows(existing, row) : row);
  }
  const connections = [...merged.values()].map(toTopologyConnection);
  // Use only the organizations of the merged rows, because the known end of one row may have replaced the unknown end of another
  // row.
  const ids = new Set(connections.flatMap(({ sourceOrgId, sinkOrgId }) => [sourceOrgId, sinkOrgId]));
  const getName = (id: string) => names.get(id) ?? id;
  const organizations = [...ids].map((id): TopologyOrganization => ({ id, name: getName(id) }));
  const listNames = ({ sourceOrgId, sinkOrgId }: TopologyConnection) => [
    getName(sourceOrgId),
    getName(sinkOrgId),
  ];
  return {
    organizations: organizations.sort((a, b) => compareNames([a.name, a.id], [b.name, b.id])),
    connections: connections.sort((a, b) =>
      compareNames([...listNames(a), a.id ?? ""], [...listNames(b), b.id ?? ""]),
    ),
    ...(stacks && { stacks }),
  };
}

/** Adds the name of an organization. The first name that is not blank is used. If there is none, the id is used. */
function addName(names: Map<string, string>, { id, name = "" }: TopologyEnd): void {
  const key = id.toLowerCase();
  const known = names.get(key);
  if (known === undefined || known === key) names.set(key, name.trim() === "" ? key : name);
}

function toTopologyConnection({ source, sink, types, ...rest }: ConnectionRow): TopologyConnection {
  return {
    ...rest,
    sourceOrgId: source.id.toLowerCase(),
    sinkOrgId: sink.id.toLowerCase(),
    connectionTypes: types?.toSorted() ?? ["unknown types"],
  };
}

function mergeRows(first: ConnectionRow, later: ConnectionRow): ConnectionRow {
  const managedBy = [...new Set([...(first.managedBy ?? []), ...(later.managedBy ?? [])])].sort();
  return {
    ...later,
    ...first,
    source: selectEnd(first.source, later.source),
    sink: selectEnd(first.sink, later.sink),
    ...(managedBy.length > 0 && { managedBy }),
  };
}

const selectEnd = (first: TopologyEnd, later: TopologyEnd): TopologyEnd =>
  first.isUnknown && !later.isUnknown ? later : first;

/** Compares two lists of names, name by name in natural order: `team-2` before `team-10`. */
function compareNames(a: readonly string[], b: readonly string[]): number {
  for (const [index, text] of a.entries()) {
    const order = collator.compare(text, b[index] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}
const collator = new Intl.Collator("en", { numeric: true });

/** Converts live connections, with the stacks that manage them, to rows of a topology. */
export function toLiveRows(rows: readonly InventoryRow[]): ConnectionRow[] {
  return rows.map(({ id, source, sink, connectionTypes, createdAt, createdBy, managedBy }) => {
    const creator = createdBy?.name ?? createdBy?.handle ?? createdBy?.id;
    return {
      id,
      // Each unknown organization gets a unique ID, so that unknown organizations are not merged.
      source: source ?? { id: `source of ${id}`, name: "unknown" },
      sink: sink ?? { id: `sink of ${id}`, name: "unknown" },
      types: connectionTypes,
      createdAt,
      ...(creator !== undefined && { createdBy: creator }),
      managedBy: managedBy.map(({ location }) => location),
    };
  });
}

/**
 * Converts managed connections to rows of a topology. If the UUID of a source is unknown, the stack and the name of the credentials
 * identify the source. If `isSourceUnknown` is also set, the source gets a unique ID, so that different sources are not merged.
 */
export function toManagedRows(connections: readonly ManagedConnection[]): ConnectionRow[] {
  return connections.map((connection) => {
    const { id, connectionTypes, createdAt, createdBy } = connection;
    return {
      id,
      source: getSourceEnd(connection),
      sink: getSinkEnd(connection),
      ...(connectionTypes && { types: connectionTypes }),
      ...(createdAt !== undefined && { createdAt }),
      ...(createdBy !== undefined && { createdBy }),
      managedBy: [connection.location],
    };
  });
}

function getSourceEnd({
  id,
  source,
  sourceOrgId,
  sourceOrgName = source,
  isSourceUnknown,
  location,
}: ManagedConnection): TopologyEnd {
  const name = sourceOrgName !== undefined && { name: sourceOrgName };
  if (sourceOrgId !== undefined) return { id: sourceOrgId, ...name };
  return {
    ...name,
    id: isSourceUnknown ? `source of ${id}` : `source ${source ?? "default"} of ${location}`,
    isUnknown: true,
  };
}

function getSinkEnd({ id, sinkOrgId, sinkOrgName }: ManagedConnection): TopologyEnd {
  // An organization without a known UUID gets a unique ID, so that different organizations are not merged.
  if (sinkOrgId === undefined)
    return { id: `sink of ${id}`, name: sinkOrgName ?? "unknown", isUnknown: true };
  return { id: sinkOrgId, ...(sinkOrgName !== undefined && { name: sinkOrgName }) };
}
