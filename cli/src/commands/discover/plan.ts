import { parseTypes, sameSet } from "datadog-org-connections-core/connection/inputs.js";
import type { Live, LiveConnection } from "../../live/read-live.js";
import type { Managed, ManagedConnection } from "../../stack/managed.js";
import { labelsOf, slugsOf, take, type Named } from "./names.js";
import { remarksOf } from "./remarks.js";

/** `single`: a resource for each connection; `set`: one for each organization. */
export type Form = "single" | "set";

/** One connection that the program declares. */
export interface Entry {
  /** The name of its resource, where it has one of its own. */
  resource: string;
  /** What the program calls the destination. */
  sink: string;
  /** None: the program leaves the types to Datadog. */
  connectionTypes?: string[];
}

/** What one organization shares. */
export interface Sharing {
  /** What the program calls the organization. */
  label: string;
  /** Its UUID. */
  id: string;
  /** The name that says whose keys; none for the default organization. */
  source?: string;
  /** The name of its set, where it is one. */
  resource: string;
  /** By resource name. */
  entries: Entry[];
}

/** A program that declares what is live. */
export interface Plan {
  form: Form;
  /** The destinations: UUIDs by what the program calls them. */
  organizations: { label: string; id: string }[];
  /** By resource name. */
  sharing: Sharing[];
  /** How many connections it declares. */
  count: number;
  /** What is not in it, and why. */
  remarks: string[];
  /** False: an organization was not checked, or a resource of a stack was not read. */
  complete: boolean;
}

/** What a plan is made from. */
export interface Found {
  live: Live;
  /** By the first of an organization's names, the name that says whose keys in a program; none for the default one. */
  sources: ReadonlyMap<string, string>;
  /** What stacks manage already. */
  managed: Managed;
}

/** A live connection that the program declares. */
interface Declared {
  sourceId: string;
  sinkId: string;
  row: LiveConnection;
}

/**
 * The program for what is live. It holds what the organizations read are the sources of, since a connection is managed
 * with the keys of its source; what stacks manage already is left out.
 */
export function planOf(found: Found, form: Form): Plan {
  const { live, sources, managed } = found;
  const owners = new Map<string, string | undefined>();
  for (const one of live.organizations) {
    if (one.checked && !owners.has(one.id)) owners.set(one.id, sources.get(one.names[0] ?? ""));
  }
  const { declared, ...left } = sorted(found, owners, form);
  const named = namedIn(live, owners);
  const [labels, slugs] = [labelsOf(named), slugsOf(named)];
  const textOf = (texts: ReadonlyMap<string, string>, id: string) => texts.get(id) ?? id;
  // A resource of the same name, in the stack that gets this program too, would be another one's.
  const taken = new Set([...managed.connections, ...managed.unreadable].map(({ name }) => name));

  const sharing = [...owners].flatMap(([id, source]): Sharing[] => {
    const own = declared.filter(({ sourceId }) => sourceId === id);
    if (own.length === 0) return [];
    const slug = textOf(slugs, id);
    const entries = own.map(({ row, sinkId }): Entry => {
      const resource = `${slug}-to-${textOf(slugs, sinkId)}`;
      const connectionTypes = manageableTypes(row);
      return {
        resource: form === "single" ? take(taken, resource, row.id) : resource,
        sink: textOf(labels, sinkId),
        ...(connectionTypes && { connectionTypes }),
      };
    });
    return [
      {
        label: textOf(labels, id),
        id,
        ...(source !== undefined && { source }),
        resource: form === "set" ? take(taken, slug, id) : slug,
        entries: entries.toSorted(byText(({ resource }) => resource)),
      },
    ];
  });
  const sinks = [...new Set(declared.map(({ sinkId }) => sinkId))];
  return {
    form,
    organizations: sinks
      .map((id) => ({ label: textOf(labels, id), id }))
      .toSorted(byText(({ label }) => label)),
    sharing: sharing.toSorted(byText(({ resource }) => resource)),
    count: declared.length,
    remarks: remarksOf({ ...left, declared: declared.map(({ row }) => row), labels }),
    complete: left.unread.length + left.unreadable.length === 0,
  };
}

/** Which connections the program declares, and which not, by the reason. */
function sorted({ live, managed }: Found, owners: ReadonlyMap<string, unknown>, form: Form) {
  const held = new Map(managed.connections.map((one) => [one.id.toLowerCase(), one]));
  const left = {
    declared: [] as Declared[],
    managed: [] as ManagedConnection[],
    foreign: [] as LiveConnection[],
    endless: [] as LiveConnection[],
    untyped: [] as LiveConnection[],
  };
  const checked = new Set(live.organizations.flatMap((one) => (one.checked ? [one.names[0]] : [])));
  for (const row of live.connections) {
    const { source, sink, seenFrom } = row;
    const manager = held.get(row.id);
    if (manager) left.managed.push(manager);
    else if (!source || !sink) left.endless.push(row);
    else if (!owners.has(source.id)) {
      // What only unchecked organizations show may be their own: the remark about them covers it.
      if (seenFrom.some((name) => checked.has(name))) left.foreign.push(row);
    }
    // A set has no connection without types.
    else if (form === "set" && !manageableTypes(row)) left.untyped.push(row);
    else left.declared.push({ sourceId: source.id, sinkId: sink.id, row });
  }
  return {
    ...left,
    unreadable: managed.unreadable,
    unread: live.organizations.filter(({ checked }) => !checked),
  };
}

/** The types as they are, where a program can say just that; otherwise they are left to Datadog. */
function manageableTypes({ connectionTypes }: LiveConnection): string[] | undefined {
  const declared = parseTypes(connectionTypes);
  return declared && sameSet(declared, connectionTypes) ? connectionTypes : undefined;
}

/** Every organization that is an end of a connection, or that was read, with what is known of its name. */
function namedIn(
  { organizations, connections }: Live,
  owners: ReadonlyMap<string, string | undefined>,
): Named[] {
  const names = new Map<string, string | undefined>();
  const note = (id: string | undefined, name: string | undefined) => {
    if (id !== undefined) names.set(id, names.get(id) ?? name);
  };
  for (const { id, name } of organizations) note(id, name);
  for (const { source, sink } of connections) for (const end of [source, sink]) note(end?.id, end?.name);
  return [...names].map(([id, name]) => {
    const configured = owners.get(id);
    return { id, ...(name !== undefined && { name }), ...(configured !== undefined && { configured }) };
  });
}

function byText<T>(textOf: (one: T) => string): (a: T, b: T) => number {
  return (a, b) => (textOf(a) < textOf(b) ? -1 : Number(textOf(a) > textOf(b)));
}
