import type { Topology, TopologyConnection, TopologyOrganization } from "./topology.js";

/** A connection as somebody saw it: a stack's state, or a listing by an organization's keys. */
export interface ConnectionRow {
  /** UUID of the connection. */
  id?: string;
  source: End;
  sink: End;
  types: readonly string[];
  /** RFC 3339. */
  createdAt?: string;
  /** The user, by name or UUID. */
  createdBy?: string;
  /** The stack that manages it, where that is known. */
  managedBy?: readonly string[];
}

/** An organization at one end. */
export interface End {
  /** UUID; for one that is not known, a text of its own. */
  id: string;
  name?: string;
}

/**
 * The picture of what was seen. The same connection seen twice (by both its ends, or live and in a state) is one: what
 * the earlier row says of it holds, what it leaves open comes from the later one, and the stacks are put together.
 *
 * @param stacks the stacks that were looked at; none when nobody looked: then nothing is called unmanaged
 */
export function topologyOf(rows: readonly ConnectionRow[], stacks?: readonly string[]): Topology {
  const connections = new Map<string, TopologyConnection>();
  const names = new Map<string, string>();
  for (const row of rows) {
    for (const end of [row.source, row.sink]) noteName(names, end);
    const one = connectionOf(row);
    const key = one.id ?? `${one.sourceOrgId} ${one.sinkOrgId}`;
    const known = connections.get(key);
    connections.set(key, known ? merged(known, one) : one);
  }
  const nameOf = (id: string) => names.get(id) ?? id;
  const organizations = [...names.keys()].map((id): TopologyOrganization => ({ id, name: nameOf(id) }));
  const pair = ({ sourceOrgId, sinkOrgId }: TopologyConnection) => [nameOf(sourceOrgId), nameOf(sinkOrgId)];
  return {
    organizations: organizations.sort((a, b) => inOrder([a.name, a.id], [b.name, b.id])),
    connections: [...connections.values()].sort((a, b) =>
      inOrder([...pair(a), a.id ?? ""], [...pair(b), b.id ?? ""]),
    ),
    ...(stacks && { stacks }),
  };
}

/** The first name wins; an id stands where there is none. */
function noteName(names: Map<string, string>, { id, name = "" }: End): void {
  const key = id.toLowerCase();
  const known = names.get(key);
  if (known === undefined || known === key) names.set(key, name.trim() === "" ? key : name);
}

function connectionOf({ source, sink, types, ...rest }: ConnectionRow): TopologyConnection {
  return {
    ...rest,
    sourceOrgId: source.id.toLowerCase(),
    sinkOrgId: sink.id.toLowerCase(),
    connectionTypes: types.toSorted(),
  };
}

function merged(first: TopologyConnection, later: TopologyConnection): TopologyConnection {
  const managedBy = [...new Set([...(first.managedBy ?? []), ...(later.managedBy ?? [])])].sort();
  return { ...later, ...first, ...(managedBy.length > 0 && { managedBy }) };
}

/** By text as people sort it, so that a picture is the same however its rows came. */
function inOrder(a: readonly string[], b: readonly string[]): number {
  for (const [at, text] of a.entries()) {
    const order = collator.compare(text, b[at] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}
const collator = new Intl.Collator("en", { numeric: true });
