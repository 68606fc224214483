import { readManagedResource, isConfiguredByStack, type ManagedConnection } from "../stack/managed.js";
import {
  type ResourceState,
  type ConnectionTypes,
  type StateResource,
  getKnownValue,
  type MaybeKnown,
} from "../stack/resource-state.js";
import { isOwnTool, isPlugin, type ResourceForm, type ResourceRef } from "../stack/resources.js";
import { UNKNOWN_TYPES, type OrganizationRef, type SharedData } from "./shared-data.js";

/**
 * Replaces the URN of each default provider of the plugin. Each version of the plugin has its own default provider, and all of them
 * have the same default organization. Dynamic resources may have another default organization, because they also read the
 * configuration of `@pulumi/datadog` (`datadog:apiKey`).
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

/** The unreadable connections of a resource. Their count is unknown, and `shared` has little data. */
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
  /** The resource, and a placeholder for its unreadable connections. Undefined if `connections` is complete. */
  unreadable?: { resource: ResourceRef; rest: UnreadableConnections } | undefined;
}

/** The connections that were read from a state, because several steps of a review need them. */
const readConnections = new WeakMap<ResourceState, { resource: ResourceRef; found: ResourceConnections }>();

/** Reads the connections of a resource from its state, including the undeclared ones of an exclusive set. */
export function readResourceConnections({ resource, state }: StateResource): ResourceConnections {
  const known = readConnections.get(state);
  if (known?.resource === resource) return known.found;
  const found = parseConnections({ resource, state });
  readConnections.set(state, { resource, found });
  return found;
}

function parseConnections({ resource, state }: StateResource): ResourceConnections {
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
  // In a readable state, a source without a name is the default organization. Here, the name may be unreadable, so the source is
  // unknown.
  shared: {
    source:
      isOwnTool(state) && (source.id ?? source.alias ?? source.providerAlias) === undefined ? {} : source,
    sink: {},
    ...UNKNOWN_TYPES,
  },
});

/** Lists the undeclared connections of a set. Returns undefined if not all of them can be read. */
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
 * Reads the source of a resource: the name in the program (`source`) or, without a name, the default organization. The
 * configuration of the stack determines which organization the source is, with two exceptions:
 * - For a resource of the plugin with an explicit provider, the configuration of that provider determines the organization.
 * - A resource of another tool has no name for its source, so only its provider determines the organization.
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
  { resource: { location }, state }: StateResource,
): OrganizationRef {
  const { tool, provider } = state;
  const alias = getKnownValue(source);
  const known = createOrganizationRef({ id, name, location });
  if (!isOwnTool({ tool })) return { ...known, provider };
  // An unknown name does not identify the source.
  if (source !== undefined && alias === undefined) return known;
  if (!isConfiguredByStack(state))
    return { ...known, provider, ...(alias !== undefined && { providerAlias: alias }) };
  if (alias !== undefined) return { ...known, alias };
  return { ...known, isDefault: true, ...(isPlugin({ tool }) && { provider: DEFAULT_PLUGIN_PROVIDER }) };
}

/** Creates a reference to an organization, with the id in lower case. */
export const createOrganizationRef = ({ id, ...names }: OrganizationRef): OrganizationRef => ({
  id: id?.toLowerCase(),
  ...names,
});
