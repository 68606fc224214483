import { readManagedResource, isOfStackConfiguration, type ManagedConnection } from "../stack/managed.js";
import type { ResourceState, ConnectionTypes, StateResource } from "../stack/resource-state.js";
import { isOwnTool, isPlugin, type ResourceForm, type ResourceRef } from "../stack/resources.js";
import { getKnownValue, type MaybeKnown } from "../stack/known-value.js";
import { UNKNOWN_TYPES, type OrganizationRef, type SharedData } from "./shared-data.js";

/**
 * Represents the URN of the plugin's default provider, of any version. The plugin's default organization may differ from that of a
 * dynamic resource, which also reads the configuration of `@pulumi/datadog` (`datadog:apiKey`).
 */
export const DEFAULT_PLUGIN_PROVIDER = "default";

/** A connection that a resource manages, or an undeclared one that an exclusive set found. */
export interface ResourceConnection {
  /** UUID of the connection. */
  id: string;
  form: ResourceForm;
  shared: SharedData;
  createdAt?: string | undefined;
  /** UUID of the user. */
  createdBy?: string | undefined;
  typesUnspecified: boolean;
  /** An exclusive set found it and does not declare it. */
  isUndeclared: boolean;
  isUnreadable?: never;
}

/** The unreadable connections of a resource. Only their source may be known; their count is unknown. */
export interface UnreadableConnections {
  id?: never;
  form: ResourceForm;
  shared: SharedData;
  createdAt?: never;
  createdBy?: never;
  typesUnspecified: false;
  isUndeclared: false;
  isUnreadable: true;
}

/** The connections of a resource, as far as they can be read. */
export interface ResourceConnections {
  connections: ResourceConnection[];
  /** Set if `connections` is incomplete: the resource, and a placeholder for the rest. */
  unreadable?: { resource: ResourceRef; rest: UnreadableConnections } | undefined;
}

/** Reads the connections of a resource from its state, including the undeclared ones of an exclusive set. */
export function readResourceConnections({ resource, state }: StateResource): ResourceConnections {
  const { connections, complete } = readManagedResource({ resource, state });
  const source = readSource(state.outputs, { resource, state });
  const undeclared = resource.form === "set" ? listUndeclared(state.outputs, source, resource.location) : [];
  const isComplete = complete && undeclared !== undefined;
  return {
    connections: [...connections.map((one) => toResourceConnection(one, source)), ...(undeclared ?? [])],
    unreadable: isComplete ? undefined : { resource, rest: createUnreadable({ resource, state }, source) },
  };
}

function toResourceConnection(connection: ManagedConnection, source: OrganizationRef): ResourceConnection {
  const { id, form, createdAt, createdBy, connectionTypes, typesUnspecified } = connection;
  return {
    id,
    form,
    createdAt,
    createdBy,
    typesUnspecified,
    isUndeclared: false,
    shared: {
      source,
      sink: createOrganizationRef({
        id: connection.sinkOrgId,
        name: connection.sinkOrgName,
        location: connection.location,
      }),
      ...toConnectionTypes(connectionTypes),
    },
  };
}

const createUnreadable = (
  { resource: { form }, state }: StateResource,
  source: OrganizationRef,
): UnreadableConnections => ({
  form,
  typesUnspecified: false,
  isUndeclared: false,
  isUnreadable: true,
  // A source without a name is the default one. But here the name may be unreadable, so the source is unknown.
  shared: {
    source:
      isOwnTool(state) && (source.id ?? source.alias ?? source.providerAlias) === undefined ? {} : source,
    sink: {},
    ...UNKNOWN_TYPES,
  },
});

/** Lists the undeclared connections of a set; undefined if one of them cannot be read. */
function listUndeclared(
  { undeclared, connections }: ResourceState["outputs"],
  source: OrganizationRef,
  location: string,
): ResourceConnection[] | undefined {
  if (undeclared === null) return undefined;
  const found: ResourceConnection[] = [];
  for (const [sinkOrgId, id] of Object.entries(undeclared)) {
    if (id === undefined) return undefined;
    const shared = {
      source,
      sink: createOrganizationRef({ id: sinkOrgId, location }),
      ...toConnectionTypes(connections[sinkOrgId]),
    };
    found.push({ id, form: "set", typesUnspecified: false, isUndeclared: true, shared });
  }
  return found;
}

/** Converts the types in a state. Missing types are unknown. */
const toConnectionTypes = (connectionTypes: string[] | undefined): ConnectionTypes =>
  connectionTypes ? { connectionTypes } : UNKNOWN_TYPES;

/**
 * Reads the source of a resource. Without a name in the program it is the organization of the default credentials. A resource of
 * another tool has no such name: the configuration of its provider decides. In the plugin, an explicit provider has its own
 * organizations.
 */
export function readSource(
  {
    source,
    sourceOrgId: id,
    sourceOrgName: name,
  }: {
    source?: MaybeKnown<string>;
    sourceOrgId?: string | undefined;
    sourceOrgName?: string | undefined;
  },
  { resource: { location }, state: { tool, provider } }: StateResource,
): OrganizationRef {
  const alias = getKnownValue(source);
  const known = createOrganizationRef({ id, name, location });
  if (!isOwnTool({ tool })) return { ...known, provider };
  if (source !== undefined && alias === undefined) return known;
  if (!isOfStackConfiguration({ tool, provider }))
    return { ...known, provider, ...(alias !== undefined && { providerAlias: alias }) };
  if (alias !== undefined) return { ...known, alias };
  return { ...known, isDefault: true, ...(isPlugin({ tool }) && { provider: DEFAULT_PLUGIN_PROVIDER }) };
}

/** Creates a reference with the id in lower case. */
export const createOrganizationRef = ({ id, ...names }: OrganizationRef): OrganizationRef => ({
  id: id?.toLowerCase(),
  ...names,
});
