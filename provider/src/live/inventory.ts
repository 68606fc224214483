import { stackOf, type ManagedConnection } from "../stack/managed.js";
import type { Live, LiveConnection, LookedAt } from "./read.js";

/** Who manages a connection. */
export interface Manager {
  /** `project/stack`. */
  stack: string;
  /** The resource's name in the program. */
  resource: string;
  /** Its URN. */
  urn: string;
}

/** One line of the inventory. */
export interface InventoryRow extends LiveConnection {
  /** Whole days since it was made; none where its time cannot be read. */
  ageDays?: number;
  /** Empty: none of the stacks that were given manages it. */
  managedBy: Manager[];
}

/** A connection that a stack manages and that is not live, though one of its two organizations was read completely. */
export interface MissingConnection {
  id: string;
  managedBy: Manager;
  sourceOrgId?: string;
  sourceOrgName?: string;
  sinkOrgId: string;
  sinkOrgName?: string;
}

/** All connections of all configured organizations, and what could not be looked at. */
export interface Inventory {
  /** When it was taken, ISO 8601. */
  at: string;
  organizations: LookedAt[];
  rows: InventoryRow[];
  /** False: no state was given, so nobody knows what is managed. */
  statesGiven: boolean;
  missing: MissingConnection[];
}

const DAY_MS = 86_400_000;

/**
 * The inventory of what is live against what stacks manage.
 * @param managed - the connections of all stacks that were given; none: no stack was given
 * @param now - milliseconds since 1970
 */
export function inventoryOf(
  { organizations, connections }: Live,
  managed: readonly ManagedConnection[] | undefined,
  now: number,
): Inventory {
  const managers = new Map<string, Manager[]>();
  for (const one of managed ?? []) {
    const id = one.id.toLowerCase();
    managers.set(id, [...(managers.get(id) ?? []), managerOf(one)]);
  }
  const live = new Set(connections.map(({ id }) => id));
  const read = new Set(organizations.flatMap((one) => (one.checked ? [one.id] : [])));
  const isMissing = ({ id, sourceOrgId, sinkOrgId }: ManagedConnection) =>
    !live.has(id.toLowerCase()) && [sourceOrgId, sinkOrgId].some((end) => end !== undefined && read.has(end));
  return {
    at: new Date(now).toISOString(),
    organizations,
    rows: connections.map((connection) => ({
      ...connection,
      ...ageOf(connection, now),
      managedBy: managers.get(connection.id) ?? [],
    })),
    statesGiven: managed !== undefined,
    missing: (managed ?? [])
      .filter(isMissing)
      .map(({ id, sourceOrgId, sourceOrgName, sinkOrgName, ...one }) => ({
        id,
        managedBy: managerOf(one),
        ...(sourceOrgId !== undefined && { sourceOrgId }),
        ...(sourceOrgName !== undefined && { sourceOrgName }),
        sinkOrgId: one.sinkOrgId,
        ...(sinkOrgName !== undefined && { sinkOrgName }),
      })),
  };
}

function ageOf({ createdAt }: LiveConnection, now: number): { ageDays?: number } {
  const made = Date.parse(createdAt);
  // A clock that is a little behind Datadog's makes no negative age.
  return Number.isNaN(made) ? {} : { ageDays: Math.max(0, Math.floor((now - made) / DAY_MS)) };
}

const managerOf = ({ urn, name }: Pick<ManagedConnection, "urn" | "name">): Manager => ({
  stack: stackOf(urn),
  resource: name,
  urn,
});
