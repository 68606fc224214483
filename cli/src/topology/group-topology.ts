import type { Topology, TopologyChange, TopologyConnection } from "./topology.js";

/** The minimum count of organizations for which similar ones are grouped. */
const MIN_ORGANIZATIONS = 13;
/** The minimum size of a group. */
const MIN_GROUP_SIZE = 4;

/** One organization, or several organizations with the same connections. */
interface Unit {
  /** Indexes in the topology. */
  members: readonly number[];
}

/** All similar connections from one unit to another. */
export interface TopologyLink {
  /** Indexes of the units. */
  source: number;
  sink: number;
  connectionTypes: readonly string[];
  /** Whether a stack manages them; `undefined` if unknown. */
  managed: boolean | undefined;
  change: TopologyChange | undefined;
  /** Indexes in the topology, never empty. */
  connections: readonly number[];
}

/** Units and the links between them. */
export interface GroupedTopology {
  units: readonly Unit[];
  links: readonly TopologyLink[];
}

/**
 * Groups four or more organizations of a large topology into one unit if they share the same types with the same organizations, and
 * receive the same types from the same organizations, and these connections are also the same in their change and in whether a stack
 * manages them. Two hundred sources and their hub become two units. The links still have every connection.
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
        change: connection.change,
        connections: [index],
      });
    }
  }
  return { units, links: [...links.values()] };
}

/** Whether a stack manages a connection; `undefined` if no stack was read. */
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

/** Formats a key of everything that a link shows, except its ends. */
function formatAppearanceKey(connection: TopologyConnection, topology: Topology): string {
  return JSON.stringify([
    connection.connectionTypes,
    isManaged(connection, topology) ?? null,
    connection.change ?? null,
  ]);
}
