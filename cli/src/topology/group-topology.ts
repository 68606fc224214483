import type { Topology, TopologyChange, TopologyConnection } from "./topology.js";

/** The minimum count of organizations for grouping. In a smaller topology, each organization is a unit. */
const MIN_ORGANIZATIONS = 13;
/** The minimum count of organizations in a group. */
const MIN_GROUP_SIZE = 4;

/** One organization, or several organizations with similar connections: see {@link groupTopology}. */
interface Unit {
  /** Indexes of organizations in the topology. */
  members: readonly number[];
}

/** All connections from one unit to another, or to itself, with the same types, `change`, `managed` and `drifted`. */
export interface TopologyLink {
  /** Indexes of the units. */
  source: number;
  sink: number;
  connectionTypes: readonly string[];
  /** Whether a stack manages the connections; `undefined` if unknown. */
  managed: boolean | undefined;
  /** Whether the connections are managed with other types than the live ones. */
  drifted: boolean;
  change: TopologyChange | undefined;
  /** Indexes of connections in the topology. Never empty. */
  connections: readonly number[];
}

/** Units and the links between them. */
export interface GroupedTopology {
  units: readonly Unit[];
  links: readonly TopologyLink[];
}

/**
 * Groups the similar organizations of a large topology. For example, two hundred sources of one hub become one unit. Fewer than
 * {@link MIN_GROUP_SIZE} similar organizations are not grouped. Each connection is in exactly one link.
 *
 * Organizations are similar if they share with the same organizations and receive from the same organizations. The types and the
 * change of the connections, and whether a stack manages them, must also be the same.
 *
 * @param options.group - if false, each organization is a unit of its own
 */
export function groupTopology(
  topology: Topology,
  { group = true }: { group?: boolean } = {},
): GroupedTopology {
  const { organizations } = topology;
  const indexById = new Map(organizations.map(({ id }, index) => [id, index] as const));
  const units =
    group && organizations.length >= MIN_ORGANIZATIONS
      ? groupOrganizations(topology)
      : organizations.map((_, index) => ({ members: [index] }));
  const unitByIndex = new Map(
    units.flatMap(({ members }, index) => members.map((member) => [member, index] as const)),
  );
  // The topology has both organizations of every connection, so each unit is found.
  const findUnit = (id: string) => unitByIndex.get(indexById.get(id) ?? -1) ?? -1;
  const links = new Map<string, TopologyLink & { connections: number[] }>();
  for (const [index, connection] of topology.connections.entries()) {
    const [source, sink] = [findUnit(connection.sourceOrgId), findUnit(connection.sinkOrgId)];
    const key = `${source} ${sink} ${formatAppearanceKey(connection, topology)}`;
    const link = links.get(key);
    if (link) link.connections.push(index);
    else {
      links.set(key, {
        source,
        sink,
        connectionTypes: connection.connectionTypes,
        managed: isManaged(connection, topology),
        drifted: connection.declaredTypes !== undefined,
        change: connection.change,
        connections: [index],
      });
    }
  }
  return { units, links: [...links.values()] };
}

/** Whether a stack manages a connection. Returns `undefined` if unknown, because no stack was read. */
export function isManaged({ managedBy }: TopologyConnection, { stacks }: Topology): boolean | undefined {
  if (managedBy !== undefined && managedBy.length > 0) return true;
  return stacks ? false : undefined;
}

function groupOrganizations(topology: Topology): Unit[] {
  const profiles = new Map(topology.organizations.map(({ id }) => [id, [] as string[]] as const));
  for (const connection of topology.connections) {
    const appearance = formatAppearanceKey(connection, topology);
    profiles.get(connection.sourceOrgId)?.push(`to ${connection.sinkOrgId} ${appearance}`);
    profiles.get(connection.sinkOrgId)?.push(`from ${connection.sourceOrgId} ${appearance}`);
  }
  const groups = new Map<string, number[]>();
  for (const [index, { id }] of topology.organizations.entries()) {
    const profile = (profiles.get(id) ?? []).sort().join("\n");
    groups.set(profile, [...(groups.get(profile) ?? []), index]);
  }
  return [...groups.values()].flatMap((members) =>
    members.length < MIN_GROUP_SIZE ? members.map((member) => ({ members: [member] })) : [{ members }],
  );
}

/** Formats a key of the properties that all connections of a link share, except the ends. */
function formatAppearanceKey(connection: TopologyConnection, topology: Topology): string {
  return JSON.stringify([
    connection.connectionTypes,
    isManaged(connection, topology) ?? null,
    connection.declaredTypes !== undefined,
    connection.change ?? null,
  ]);
}
