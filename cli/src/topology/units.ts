import type { Topology, TopologyChange, TopologyConnection } from "./topology.js";

/** From how many organizations on those that are alike are drawn as one. */
const GROUPED_FROM = 13;
/** Fewer that are alike stay apart. */
const SMALLEST_GROUP = 4;

/** One organization, or several that share the same with the same others; by their places in the topology. */
interface Unit {
  members: readonly number[];
}

/** All connections from one unit to another that look alike. */
export interface Link {
  /** Places among the units. */
  source: number;
  sink: number;
  connectionTypes: readonly string[];
  /** Whether a stack manages them; `undefined` where that is not known. */
  managed: boolean | undefined;
  change: TopologyChange | undefined;
  /** Places in the topology, never empty. */
  connections: readonly number[];
}

/** What is drawn: units and the links between them. */
export interface Drawn {
  units: readonly Unit[];
  links: readonly Link[];
}

/**
 * Organizations that are exactly alike (they share the same types with the same others, and receive the same) become
 * one unit: two hundred that share with a hub are a picture of two things then, and every connection is still told.
 */
export function drawnOf(topology: Topology, { group = true }: { group?: boolean } = {}): Drawn {
  const { organizations } = topology;
  const place = new Map(organizations.map(({ id }, at) => [id, at] as const));
  const units =
    group && organizations.length >= GROUPED_FROM
      ? unitsOf(topology)
      : organizations.map((_, at) => ({ members: [at] }));
  const unitAt = new Map(units.flatMap(({ members }, at) => members.map((member) => [member, at] as const)));
  const unitOf = (id: string) => unitAt.get(place.get(id) ?? -1) ?? -1;
  const links = new Map<string, Link & { connections: number[] }>();
  for (const [at, one] of topology.connections.entries()) {
    const [source, sink] = [unitOf(one.sourceOrgId), unitOf(one.sinkOrgId)];
    const key = `${source} ${sink} ${lookOf(one, topology)}`;
    const known = links.get(key);
    if (known) known.connections.push(at);
    else {
      links.set(key, {
        source,
        sink,
        connectionTypes: one.connectionTypes,
        managed: isManaged(one, topology),
        change: one.change,
        connections: [at],
      });
    }
  }
  return { units, links: [...links.values()] };
}

/** Whether a stack manages a connection; `undefined` where nobody looked into any. */
export function isManaged({ managedBy }: TopologyConnection, { stacks }: Topology): boolean | undefined {
  if (managedBy !== undefined && managedBy.length > 0) return true;
  return stacks ? false : undefined;
}

function unitsOf(topology: Topology): Unit[] {
  const profiles = new Map(topology.organizations.map(({ id }) => [id, [] as string[]] as const));
  for (const one of topology.connections) {
    const look = lookOf(one, topology);
    profiles.get(one.sourceOrgId)?.push(`to ${one.sinkOrgId} ${look}`);
    profiles.get(one.sinkOrgId)?.push(`from ${one.sourceOrgId} ${look}`);
  }
  const alike = new Map<string, number[]>();
  for (const [at, { id }] of topology.organizations.entries()) {
    const profile = (profiles.get(id) ?? []).sort().join("\n");
    alike.set(profile, [...(alike.get(profile) ?? []), at]);
  }
  return [...alike.values()].flatMap((members) =>
    members.length < SMALLEST_GROUP ? members.map((member) => ({ members: [member] })) : [{ members }],
  );
}

/** What can be seen of a connection besides its ends. */
function lookOf(one: TopologyConnection, topology: Topology): string {
  return JSON.stringify([one.connectionTypes, isManaged(one, topology) ?? null, one.change ?? null]);
}
