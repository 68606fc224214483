import { nameOf } from "../stack/resources.js";
import type { Change } from "./change.js";
import type { Sharing } from "./sharing.js";
import { heldBy } from "./held.js";
import type { Known } from "./known.js";
import type { Life } from "./lives.js";
import type { StateResource } from "../stack/state.js";
import type { ResourceState } from "../stack/resource-state.js";

/** A connection that more than one resource holds. */
export interface SharedConnection {
  connectionId: string;
  sharing: Sharing;
  /** The names of its owners, sorted. */
  owners: string[];
}

interface Owners {
  connectionId: string;
  sharing: Sharing;
  /** By URN; what an interrupted replacement has left behind is an owner of its own. */
  byKey: Map<string, { urn: string; name: string }>;
}

/**
 * Who holds each connection by the state, and which changes end one that another resource keeps. In a run of all resources
 * the provider sees that, and leaves the connection alone. With `--target` the engine shows it only those that the run is
 * about, and the connection ends.
 *
 * @param state - the resources in the stack's state; what the preview shows of them is in `lives`
 */
export function withOwners(
  changes: readonly Change[],
  { lives, state }: { lives: readonly Life[]; state: readonly StateResource[] },
  known: Known,
): { changes: Change[]; sharedConnections: SharedConnection[] } {
  const owners = ownersIn(holdersIn(lives, state), known);
  const ending = new Map<string, Set<string>>();
  for (const change of changes) {
    if (!ends(change)) continue;
    const id = change.connectionId?.toLowerCase() ?? "";
    ending.set(id, (ending.get(id) ?? new Set()).add(keyOf(change.urn, change.because === "leftover")));
  }
  const keepers = (change: Change): string[] => {
    const id = change.connectionId?.toLowerCase() ?? "";
    if (!ends(change)) return [];
    const others = [...(owners.get(id)?.byKey ?? [])].filter(([key]) => ending.get(id)?.has(key) !== true);
    return others.map(([, { name }]) => name).toSorted();
  };
  return {
    changes: changes.map((change) => {
      const keptBy = keepers(change);
      return keptBy.length === 0 ? change : { ...change, keptBy };
    }),
    sharedConnections: [...owners.values()]
      .filter(({ byKey }) => byKey.size > 1)
      .map(({ byKey, ...one }) => ({
        ...one,
        owners: [...byKey.values()].map(({ name }) => name).toSorted(),
      })),
  };
}

const ends = ({ kind, connectionId }: Change): boolean =>
  connectionId !== undefined && (kind === "delete" || kind === "replace");

interface Holder extends StateResource {
  isLeftover: boolean;
}

/** Within a replacement the engine marks the old one as what is left behind is marked. */
function holdersIn(lives: readonly Life[], state: readonly StateResource[]): Holder[] {
  const holder = (urn: string, isLeftover: boolean) => (one: ResourceState | undefined) =>
    one ? [{ urn, state: one, isLeftover }] : [];
  return [
    ...lives.flatMap(({ urn, live, recorded, leftovers }) => [
      ...[live, recorded].flatMap(holder(urn, false)),
      ...leftovers.flatMap(holder(urn, true)),
    ]),
    ...state.flatMap((one) => holder(one.urn, one.state.delete)(one.state)),
  ];
}

function ownersIn(holders: readonly Holder[], known: Known): Map<string, Owners> {
  const owners = new Map<string, Owners>();
  for (const { urn, state, isLeftover } of holders) {
    const name = isLeftover ? `${nameOf(urn)} (left behind)` : nameOf(urn);
    for (const { id, sharing, isStranger } of heldBy(urn, state).connections) {
      if (isStranger) continue;
      const key = id.toLowerCase();
      const own: Owners = owners.get(key) ?? {
        connectionId: id,
        sharing: known.sharing(sharing),
        byKey: new Map(),
      };
      own.byKey.set(keyOf(urn, isLeftover), { urn, name });
      owners.set(key, own);
    }
  }
  return owners;
}

const keyOf = (urn: string, isLeftover: boolean): string => JSON.stringify([urn, isLeftover]);
