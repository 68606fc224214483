import { stackOf, type Managed, type ManagedConnection } from "../stack/managed.js";
import type { Live, LiveConnection, LookedAt } from "./read-live.js";

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
  ageDays: number | undefined;
  /** Empty: none of the stacks that were given manages it. */
  managedBy: Manager[];
}

/** A connection that a stack manages and that is not live, though one of its two organizations was read completely. */
interface MissingConnection {
  id: string;
  managedBy: Manager;
  sourceOrgId: string | undefined;
  sourceOrgName: string | undefined;
  /** None: a secret. */
  sinkOrgId: string | undefined;
  sinkOrgName: string | undefined;
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
  /** Resources of the stacks of which it cannot be read what they manage. Rows of nobody may be theirs. */
  unreadable: Manager[];
}

const DAY_MS = 86_400_000;

/**
 * The inventory of what is live against what stacks manage.
 * @param managed - what all stacks that were given manage; none: no stack was given
 * @param now - milliseconds since 1970
 */
export function inventoryOf(
  { organizations, connections }: Live,
  managed: Managed | undefined,
  now: number,
): Inventory {
  const held = managed?.connections ?? [];
  const managers = new Map<string, Manager[]>();
  for (const one of held) {
    const id = one.id.toLowerCase();
    managers.set(id, [...(managers.get(id) ?? []), managerOf(one)]);
  }
  const live = new Set(connections.map(({ id }) => id));
  const read = new Set(organizations.flatMap((one) => (one.checked ? [one.id] : [])));
  const isMissing = ({ id, sourceOrgId, sinkOrgId }: ManagedConnection) =>
    !live.has(id.toLowerCase()) && [sourceOrgId, sinkOrgId].some((end) => end !== undefined && read.has(end));
  // Neither of its organizations is told, so it is not known whether one of them was read.
  const isUnplaced = ({ id, sourceOrgId, sinkOrgId }: ManagedConnection) =>
    !live.has(id.toLowerCase()) && sourceOrgId === undefined && sinkOrgId === undefined;
  return {
    at: new Date(now).toISOString(),
    organizations,
    rows: connections.map((connection) => ({
      ...connection,
      ageDays: ageOf(connection, now),
      managedBy: managers.get(connection.id) ?? [],
    })),
    statesGiven: managed !== undefined,
    missing: held
      .filter(isMissing)
      .map(({ id, sourceOrgId, sourceOrgName, sinkOrgId, sinkOrgName, ...one }) => ({
        id,
        managedBy: managerOf(one),
        sourceOrgId,
        sourceOrgName,
        sinkOrgId,
        sinkOrgName,
      })),
    unreadable: [...(managed?.unreadable ?? []), ...held.filter(isUnplaced)].map(managerOf),
  };
}

function ageOf({ createdAt }: LiveConnection, now: number): number | undefined {
  const made = Date.parse(createdAt);
  // A clock that is a little behind Datadog's makes no negative age.
  return Number.isNaN(made) ? undefined : Math.max(0, Math.floor((now - made) / DAY_MS));
}

const managerOf = ({ urn, name }: Pick<ManagedConnection, "urn" | "name">): Manager => ({
  stack: stackOf(urn),
  resource: name,
  urn,
});
