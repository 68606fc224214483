import { type ManagedConnections, reportMultipleOwners } from "../stack/managed.js";
import type { Remark } from "../shared/text.js";
import {
  createCheckedFilter,
  type LiveConnections,
  type LiveConnection,
  type OrganizationStatus,
} from "./read-live.js";
import type { ResourceRef, Tool } from "../stack/resources.js";

/** A resource that manages a connection. */
export interface Owner {
  tool: Tool;
  /** The stack, as `project/stack`, or the name of the file of a Terraform state. */
  location: string;
  /** The URN, or the address in Terraform. */
  address: string;
  /** The resource's name in the program. In Terraform, its address. */
  resource: string;
}

/** One line of the inventory. */
export interface InventoryRow extends LiveConnection {
  /** Whole days since the connection was created; undefined if the time cannot be parsed. */
  ageDays: number | undefined;
  /** Empty if none of the given states manages the connection. */
  managedBy: Owner[];
}

/** A managed connection that is not live. The complete list of its source or destination does not contain the connection. */
interface MissingConnection {
  id: string;
  managedBy: Owner;
  sourceOrgId: string | undefined;
  sourceOrgName: string | undefined;
  /** Undefined if the state does not show it, for example because it is a secret. */
  sinkOrgId: string | undefined;
  sinkOrgName: string | undefined;
}

/** The live connections of the given organizations, compared with the given states, and what could not be read. */
export interface Inventory {
  /** When the inventory was taken, RFC 3339. */
  at: string;
  organizations: OrganizationStatus[];
  /** Whether all of `organizations` were checked, and nothing is `unreadable` or `unverified`. */
  complete: boolean;
  rows: InventoryRow[];
  /** Whether any state was given. If not, it is unknown what is managed. */
  hasStates: boolean;
  missing: MissingConnection[];
  /** Remarks about the connections that several resources manage or may manage. */
  multipleOwners: Remark[];
  /** Resources whose connections cannot be read completely. They may manage rows that seem unmanaged. */
  unreadable: Owner[];
  /**
   * Managed connections that may be missing. No list contains such a connection. Each of its two organizations either was not
   * checked or is not shown by the state.
   */
  unverified: Pick<MissingConnection, "id" | "managedBy">[];
}

/** Why a connection is `unverified`. Messages show this string after the ID of the connection. */
export const UNVERIFIED_REASON =
  "no list contains it, and either its organizations were not checked or the state does not show them, so it may be missing";

const DAY_MS = 86_400_000;

/**
 * Compares the live connections with the managed connections.
 *
 * @param managed - what all given states manage; undefined if no state was given
 * @param now - the Unix time in milliseconds
 */
export function buildInventory(
  { organizations, connections }: LiveConnections,
  managed: ManagedConnections | undefined,
  now: number,
): Inventory {
  const managedConnections = managed?.connections ?? [];
  const owners = new Map<string, Owner[]>();
  for (const connection of managedConnections) {
    const id = connection.id.toLowerCase();
    owners.set(id, [...(owners.get(id) ?? []), toOwner(connection)]);
  }
  const liveIds = new Set(connections.map(({ id }) => id));
  const unlisted = managedConnections.filter(({ id }) => !liveIds.has(id.toLowerCase()));
  // Only the complete list of the source or the destination proves that a connection is missing.
  const isMissing = createCheckedFilter(organizations);
  const unreadable = (managed?.unreadable ?? []).map(toOwner);
  const unverified = unlisted
    .filter((connection) => !isMissing(connection))
    .map(({ id, ...connection }) => ({ id, managedBy: toOwner(connection) }));
  return {
    at: new Date(now).toISOString(),
    organizations,
    complete: organizations.every(({ checked }) => checked) && unreadable.length + unverified.length === 0,
    rows: connections.map((connection) => ({
      ...connection,
      ageDays: getAgeDays(connection, now),
      managedBy: owners.get(connection.id) ?? [],
    })),
    hasStates: managed !== undefined,
    missing: unlisted
      .filter(isMissing)
      .map(({ id, sourceOrgId, sourceOrgName, sinkOrgId, sinkOrgName, ...connection }) => ({
        id,
        managedBy: toOwner(connection),
        sourceOrgId,
        sourceOrgName,
        sinkOrgId,
        sinkOrgName,
      })),
    multipleOwners: reportMultipleOwners(managedConnections),
    unreadable,
    unverified,
  };
}

function getAgeDays({ createdAt }: LiveConnection, now: number): number | undefined {
  const created = Date.parse(createdAt);
  // If the local clock is behind Datadog's, the difference can be negative. Then the age is 0.
  return Number.isNaN(created) ? undefined : Math.max(0, Math.floor((now - created) / DAY_MS));
}

const toOwner = ({ tool, location, address, name }: ResourceRef): Owner => ({
  tool,
  location,
  address,
  resource: name,
});
