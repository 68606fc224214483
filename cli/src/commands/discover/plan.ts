import { parseTypes, hasSameTypes } from "datadog-org-connections-core/connection/inputs.js";
import type { LiveConnections, LiveConnection } from "../../live/read-live.js";
import type { ManagedConnections, ManagedConnection } from "../../stack/managed.js";
import { createLabels, createSlugs, reserveName, type NamedOrganization } from "./names.js";
import { formatRemarks } from "./remarks.js";

/** `single`: one resource for each connection; `set`: one resource for each organization. */
export type Form = "single" | "set";

/** How a plan is written. `program`: a TypeScript program; `import`: a file for `pulumi import --file`. */
export type Format = "program" | "import";

/** One connection that the program declares. */
export interface Entry {
  /** The name of its resource. In the form `set`, it only sorts the members. */
  resource: string;
  /** The label of the destination in the program. */
  sink: string;
  /** UUID of the destination. */
  sinkOrgId: string;
  /** If absent, the types are unspecified. */
  connectionTypes?: string[];
  live: LiveConnection;
}

/** The connections of one source organization. */
export interface SourceEntries {
  /** The label of the organization in the program. */
  label: string;
  /** Its UUID. */
  id: string;
  /** The name of the credentials. If absent, the default organization. */
  source?: string;
  /** The name of its set, or, in the form `single`, the first part of its resource names. */
  resource: string;
  /** Sorted by resource name. */
  entries: Entry[];
}

/** A program that declares what is live. */
export interface Plan {
  form: Form;
  /** The destinations. */
  organizations: { label: string; id: string }[];
  /** Sorted by resource name. */
  sources: SourceEntries[];
  /** The count of declared connections. */
  count: number;
  /** What the program does not include, and why. */
  remarks: string[];
  /** Whether all organizations were checked and all resources of the stacks were read. */
  complete: boolean;
}

/** The inputs of a plan. */
export interface PlanInputs {
  live: LiveConnections;
  /** The name of the credentials in the program, by the name of the organization. The default organization has none. */
  sourceNames: ReadonlyMap<string, string>;
  /** What the stacks already manage. */
  managed: ManagedConnections;
}

/** A live connection that the program declares. */
interface PlannedConnection {
  sourceId: string;
  sinkId: string;
  row: LiveConnection;
}

/**
 * Plans the program for the live connections. It includes the connections whose source was checked, because a connection is
 * managed with the credentials of its source. Connections that the stacks already manage are omitted.
 */
export function createPlan(inputs: PlanInputs, form: Form): Plan {
  const { live, sourceNames, managed } = inputs;
  const sourcesById = new Map<string, string | undefined>();
  for (const organization of live.organizations) {
    if (organization.checked && !sourcesById.has(organization.id))
      sourcesById.set(organization.id, sourceNames.get(organization.names[0] ?? ""));
  }
  const { declared, ...omitted } = groupConnections(inputs, sourcesById, form);
  const named = listOrganizations(live, sourcesById);
  const [labels, slugs] = [createLabels(named), createSlugs(named)];
  const getName = (names: ReadonlyMap<string, string>, id: string) => names.get(id) ?? id;
  // The program may be added to a stack, so its resource names must differ from those in the stack.
  const taken = new Set([...managed.connections, ...managed.unreadable].map(({ name }) => name));

  const sources = [...sourcesById].flatMap(([id, source]): SourceEntries[] => {
    const own = declared.filter(({ sourceId }) => sourceId === id);
    if (own.length === 0) return [];
    const slug = getName(slugs, id);
    const entries = own.map(({ row, sinkId }): Entry => {
      const resource = `${slug}-to-${getName(slugs, sinkId)}`;
      const connectionTypes = getDeclarableTypes(row);
      return {
        resource: form === "single" ? reserveName(taken, resource, row.id) : resource,
        sink: getName(labels, sinkId),
        sinkOrgId: sinkId,
        live: row,
        ...(connectionTypes && { connectionTypes }),
      };
    });
    return [
      {
        label: getName(labels, id),
        id,
        ...(source !== undefined && { source }),
        resource: form === "set" ? reserveName(taken, slug, id) : slug,
        entries: entries.toSorted(compareBy(({ resource }) => resource)),
      },
    ];
  });
  const sinks = [...new Set(declared.map(({ sinkId }) => sinkId))];
  return {
    form,
    organizations: sinks
      .map((id) => ({ label: getName(labels, id), id }))
      .toSorted(compareBy(({ label }) => label)),
    sources: sources.toSorted(compareBy(({ resource }) => resource)),
    count: declared.length,
    remarks: formatRemarks({ ...omitted, declared: declared.map(({ row }) => row), labels }),
    complete: omitted.unchecked.length + omitted.unreadable.length === 0,
  };
}

/** Groups the connections into those that the program declares, and those that it omits, by reason. */
function groupConnections(
  { live, managed }: PlanInputs,
  sourcesById: ReadonlyMap<string, unknown>,
  form: Form,
) {
  const managedById = new Map(managed.connections.map((one) => [one.id.toLowerCase(), one]));
  const groups = {
    declared: [] as PlannedConnection[],
    managed: [] as ManagedConnection[],
    inbound: [] as LiveConnection[],
    incomplete: [] as LiveConnection[],
    undeclarable: [] as LiveConnection[],
  };
  const checked = new Set(live.organizations.flatMap((one) => (one.checked ? [one.names[0]] : [])));
  for (const row of live.connections) {
    const { source, sink, listedBy } = row;
    const manager = managedById.get(row.id);
    if (manager) groups.managed.push(manager);
    else if (!source || !sink) groups.incomplete.push(row);
    else if (!sourcesById.has(source.id)) {
      // If only unchecked organizations list the connection, one of them may be its source. A remark lists those
      // organizations already.
      if (listedBy.some((name) => checked.has(name))) groups.inbound.push(row);
    }
    // A connection of a set must have types.
    else if (form === "set" && !getDeclarableTypes(row)) groups.undeclarable.push(row);
    else groups.declared.push({ sourceId: source.id, sinkId: sink.id, row });
  }
  return {
    ...groups,
    unreadable: managed.unreadable,
    unchecked: live.organizations.filter(({ checked }) => !checked),
  };
}

/** Returns the live types if a program can declare exactly those. Otherwise the types are unspecified. */
function getDeclarableTypes({ connectionTypes }: LiveConnection): string[] | undefined {
  const declared = parseTypes(connectionTypes);
  return declared && hasSameTypes(declared, connectionTypes) ? connectionTypes : undefined;
}

/** Lists all organizations that were read or have a connection, with their known names. */
function listOrganizations(
  { organizations, connections }: LiveConnections,
  sourcesById: ReadonlyMap<string, string | undefined>,
): NamedOrganization[] {
  const names = new Map<string, string | undefined>();
  const addName = (id: string | undefined, name: string | undefined) => {
    if (id !== undefined) names.set(id, names.get(id) ?? name);
  };
  for (const { id, name } of organizations) addName(id, name);
  for (const { source, sink } of connections) for (const end of [source, sink]) addName(end?.id, end?.name);
  return [...names].map(([id, name]) => {
    const configured = sourcesById.get(id);
    return { id, ...(name !== undefined && { name }), ...(configured !== undefined && { configured }) };
  });
}

function compareBy<T>(getText: (one: T) => string): (a: T, b: T) => number {
  return (a, b) => (getText(a) < getText(b) ? -1 : Number(getText(a) > getText(b)));
}
