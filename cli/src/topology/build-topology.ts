import type { Topology, TopologyConnection, TopologyOrganization } from "./topology.js";

/** A connection as one input shows it: a state, or the live connections, already merged from the lists of both ends. */
export interface ConnectionRow {
  /** UUID of the connection. */
  id?: string;
  source: TopologyEnd;
  sink: TopologyEnd;
  types: readonly string[];
  /** RFC 3339. */
  createdAt?: string;
  /** The user: the name, otherwise the handle or the UUID. */
  createdBy?: string;
  /** The stacks that manage it, if known. */
  managedBy?: readonly string[];
}

/** An organization at one end. */
export interface TopologyEnd {
  /** UUID; a unique string if that is unknown. */
  id: string;
  name?: string;
}

/**
 * Builds a topology from rows. Rows of the same connection (such as those of two states) are merged: the earlier row takes
 * precedence, the later one adds only the optional fields that the earlier one lacks, and the stacks are combined.
 *
 * @param stacks - the stacks that were read. Left out if none was read, so that no connection counts as unmanaged
 */
export function buildTopology(rows: readonly ConnectionRow[], stacks?: readonly string[]): Topology {
  const connections = new Map<string, TopologyConnection>();
  const names = new Map<string, string>();
  for (const row of rows) {
    for (const end of [row.source, row.sink]) addName(names, end);
    const connection = toTopologyConnection(row);
    const key = connection.id ?? `${connection.sourceOrgId} ${connection.sinkOrgId}`;
    const existing = connections.get(key);
    connections.set(key, existing ? mergeConnections(existing, connection) : connection);
  }
  const getName = (id: string) => names.get(id) ?? id;
  const organizations = [...names.keys()].map((id): TopologyOrganization => ({ id, name: getName(id) }));
  const listNames = ({ sourceOrgId, sinkOrgId }: TopologyConnection) => [
    getName(sourceOrgId),
    getName(sinkOrgId),
  ];
  return {
    organizations: organizations.sort((a, b) => compareNames([a.name, a.id], [b.name, b.id])),
    connections: [...connections.values()].sort((a, b) =>
      compareNames([...listNames(a), a.id ?? ""], [...listNames(b), b.id ?? ""]),
    ),
    ...(stacks && { stacks }),
  };
}

/** Adds a name. The first name is used; without a name, the id is used. */
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
    connectionTypes: types.toSorted(),
  };
}

function mergeConnections(first: TopologyConnection, later: TopologyConnection): TopologyConnection {
  const managedBy = [...new Set([...(first.managedBy ?? []), ...(later.managedBy ?? [])])].sort();
  return { ...later, ...first, ...(managedBy.length > 0 && { managedBy }) };
}

/** Compares in natural order: `team-2` before `team-10`. */
function compareNames(a: readonly string[], b: readonly string[]): number {
  for (const [index, text] of a.entries()) {
    const order = collator.compare(text, b[index] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}
const collator = new Intl.Collator("en", { numeric: true });
