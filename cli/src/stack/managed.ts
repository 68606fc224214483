import { isUuid } from "datadog-org-connections-core/text/data.js";
import { type Remark, formatCount } from "../shared/text.js";
import { parseState } from "./formats.js";
import { getKnownValue, isUnknownValue, type ResourceState, type StateResource } from "./resource-state.js";
import {
  formatResourceRef,
  getResourceKey,
  isPlugin,
  mayBeOneResource,
  ONE_WORKSPACE_ADVICE,
  type ResourceRef,
} from "./resources.js";

/** A connection that a resource manages, as its only connection or as a member of a set. */
export interface ManagedConnection extends ResourceRef {
  /** UUID of the connection. */
  id: string;
  /** The name of the organization whose credentials are used. Left out for the default organization, and if `isSourceUnknown`. */
  source?: string | undefined;
  /**
   * Set if it is unknown which credentials are used, for one of two reasons:
   * - `source` is set to an unknown value, such as a secret.
   * - {@link isConfiguredByStack} is false, so the configuration of a provider may decide.
   */
  isSourceUnknown?: true | undefined;
  /**
   * The provider of the resource (see {@link ResourceState}). Left out for a dynamic resource, and if the state does not show the
   * provider.
   */
  provider?: string | undefined;
  sourceOrgId?: string | undefined;
  sourceOrgName?: string | undefined;
  /** Left out if the state does not show it, for example because it is a secret. */
  sinkOrgId?: string | undefined;
  sinkOrgName?: string | undefined;
  /** Sorted. Left out if the state does not show all types, for example because they are a secret. */
  connectionTypes?: string[] | undefined;
  typesUnspecified: boolean;
  /** RFC 3339. */
  createdAt?: string | undefined;
  /** UUID of the user. */
  createdBy?: string | undefined;
  adopt: boolean;
  reason?: string | undefined;
  protect: boolean;
}

/** The connections that states manage, and the resources whose connections cannot be read completely. */
export interface ManagedConnections {
  connections: ManagedConnection[];
  unreadable: ResourceRef[];
}

/** The connections of one resource. */
export interface ManagedResource {
  resource: ResourceRef;
  connections: ManagedConnection[];
  /** Whether `connections` is complete. */
  complete: boolean;
}

/**
 * Reads the connections that the resources in a state manage. See {@link parseState} for the formats. Leaves out references
 * (`OrgConnection.get`), data sources and the old resources of interrupted replacements.
 *
 * @param state - the parsed JSON
 * @param name - the name of the input in messages, and the `location` of the resources of a Terraform state
 * @throws an error that says what the input should be
 */
export function readManagedConnections(state: unknown, name = "The exported state"): ManagedConnections {
  const resources = parseState(state, name).flatMap((one) =>
    one.state.delete || one.state.pendingReplacement ? [] : [readManagedResource(one)],
  );
  return {
    connections: resources.flatMap(({ connections }) => connections),
    unreadable: resources.flatMap(({ resource, complete }) => (complete ? [] : [resource])),
  };
}

/**
 * Reads the connections that an interrupted replacement has not deleted yet.
 *
 * See {@link readManagedConnections} for the parameters and the error.
 */
export const readPendingDeletions = (state: unknown, name: string): ManagedConnection[] =>
  parseState(state, name).flatMap((one) => (one.state.delete ? readManagedResource(one).connections : []));

/** Joins the connections of several states. */
export function joinManaged(all: readonly ManagedConnections[]): ManagedConnections {
  return {
    connections: all.flatMap(({ connections }) => connections),
    unreadable: all.flatMap(({ unreadable }) => unreadable),
  };
}

/**
 * Whether the stack's settings `datadog-org-connections:*`, such as the credentials, apply to a resource. The settings apply to
 * dynamic resources, and to resources with a default provider of the plugin.
 */
export const isConfiguredByStack = ({
  tool,
  isOfStackProvider,
}: Pick<ResourceState, "tool" | "isOfStackProvider">): boolean =>
  isPlugin({ tool }) ? isOfStackProvider === true : tool === "datadog-org-connections";

type CommonConnectionFields = Omit<ManagedConnection, "id" | "typesUnspecified">;

/** Reads the connections of a resource in a state or a preview. */
export function readManagedResource({ resource, state }: StateResource): ManagedResource {
  const { id, outputs, protect, provider } = state;
  const { source, sourceOrgId, sourceOrgName, adopt, reason } = outputs;
  const isSourceUnknown = !isConfiguredByStack(state) || isUnknownValue(source);
  const common: CommonConnectionFields = {
    ...resource,
    source: isSourceUnknown ? undefined : getKnownValue(source),
    isSourceUnknown: isSourceUnknown ? true : undefined,
    provider,
    sourceOrgId,
    sourceOrgName,
    adopt,
    reason,
    protect,
  };
  if (resource.form === "set") return { resource, ...readMembers(common, outputs) };
  if (id === undefined || id === "") return { resource, connections: [], complete: false };
  const { sinkOrgId, sinkOrgName, connectionTypes, typesUnspecified, createdAt, createdBy } = outputs;
  const connectionFields = {
    sinkOrgId,
    sinkOrgName,
    connectionTypes,
    typesUnspecified,
    createdAt,
    createdBy,
  };
  return { resource, connections: [{ ...common, ...connectionFields, id }], complete: true };
}

function readMembers(
  common: CommonConnectionFields,
  outputs: ResourceState["outputs"],
): Omit<ManagedResource, "resource"> {
  const { connections: typesBySink, members, undeclared } = outputs;
  if (!members) return { connections: [], complete: false };
  // If a destination in `connections` is in neither `members` nor `undeclared`, the state does not show all members. Ignore names
  // that are not UUIDs, because they belong to the placeholder of a secret.
  const isComplete = Object.keys(typesBySink).every(
    (sink) =>
      !isUuid(sink.toLowerCase()) || Object.hasOwn(members, sink) || Object.hasOwn(undeclared ?? {}, sink),
  );
  const entries = Object.entries(members);
  const connections = entries.flatMap(([sinkOrgId, member]): ManagedConnection[] => {
    const connectionTypes = typesBySink[sinkOrgId];
    return member ? [{ ...common, ...member, sinkOrgId, connectionTypes, typesUnspecified: false }] : [];
  });
  return { connections, complete: isComplete && connections.length === entries.length };
}

/**
 * Reports the connections that several resources manage, with one remark for each connection. Connections whose owners may be one
 * resource ({@link mayBeOneResource}) share one remark for each combination of files.
 */
export function reportMultipleOwners(connections: readonly ManagedConnection[]): Remark[] {
  const byId = new Map<string, Map<string, ResourceRef>>();
  for (const connection of connections) {
    const id = connection.id.toLowerCase();
    const owners = byId.get(id) ?? new Map<string, ResourceRef>();
    byId.set(id, owners.set(getResourceKey(connection), connection));
  }
  const remarks: Remark[] = [];
  const addressesByFiles = new Map<string, string[]>();
  for (const [id, ownersByKey] of byId) {
    const owners = [...ownersByKey.values()];
    if (owners.length < 2) continue;
    if (mayBeOneResource(owners)) {
      const files = owners
        .map(({ location }) => location)
        .toSorted()
        .join(", ");
      addressesByFiles.set(files, [...(addressesByFiles.get(files) ?? []), owners[0]?.address ?? ""]);
    } else remarks.push(createCertainRemark(id, owners));
  }
  return [
    ...remarks,
    ...[...addressesByFiles].map(([files, addresses]) => createPossibleRemark(files, addresses)),
  ];
}

/** Formats an owner. Marks a resource of the plugin, because a dynamic resource may have the same name. */
const formatOwner = (owner: ResourceRef): string =>
  `${formatResourceRef(owner)}${isPlugin(owner) ? " (plugin)" : ""}`;

const createCertainRemark = (id: string, owners: readonly ResourceRef[]): Remark => ({
  label: "MANAGED TWICE",
  text:
    `${id}: ${owners.map(formatOwner).toSorted().join(", ")}. If one of them deletes the connection, it is ` +
    "deleted for all. Remove all but one of these resources from their states, without deleting the connection.",
});

const createPossibleRemark = (files: string, [address = "", ...others]: readonly string[]): Remark => ({
  label: "POSSIBLY MANAGED TWICE",
  text:
    `${files}: ${formatCount(others.length + 1, `resource (${address}) is`, `resources (such as ${address}) are`)} in each of these ` +
    `files. ${others.length === 0 ? "It" : "Each"} has the same address and the same connection in all of them. ${ONE_WORKSPACE_ADVICE}`,
});
