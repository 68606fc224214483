import type { ResourceRef } from "../stack/resources.js";
import { getOrganizationKey, type SharedData } from "./shared-data.js";

/** The kinds of changes, the most severe first. */
export const changeKinds = [
  /** The connection is deleted, and nothing takes its place. */
  "delete",
  /** The connection is deleted, and another one is created, with a new id and a new creator. */
  "replace",
  /** The live connection differs from the state, and the program reverts that. A preview of Pulumi shows it only with `--refresh`. */
  "drift",
  /** The types of a connection change. */
  "update",
  /** A connection is created. */
  "create",
  /** An existing connection is adopted. */
  "adopt",
  /** The connection leaves the stack and is not deleted: `retainOnDelete`, `deletedWith`, `OrgConnection.get`, or `destroy = false`. */
  "release",
  /** Only the state changes, such as a reason, a source name or a protection. The shared data stays the same. */
  "state-only",
] as const;

export type ChangeKind = (typeof changeKinds)[number];

/** A property that changes only in the state. */
export interface StateChange {
  /** `connectionTypes`: only whether the program sets the types or leaves them unspecified. */
  property: "reason" | "source" | "adopt" | "protect" | "exclusive" | "connectionTypes";
  /** Left out if the property is not set. */
  before?: string | boolean | undefined;
  after?: string | boolean | undefined;
}

/** Who created a connection. */
export interface Creator {
  /** UUID of the user. */
  id?: string | undefined;
  name?: string | undefined;
  /** Whether the user is a service account. Known only with `--lookup`. */
  serviceAccount?: boolean | undefined;
}

/** The resource that changes. For a member of a set it is the set. */
export interface ChangedResource extends Omit<ResourceRef, "name"> {
  /** Its name in the program. In Terraform, its address. */
  resource: string;
}

/** Selects what a change shows of its resource. */
export const toChangedResource = ({
  tool,
  form,
  location,
  address,
  name,
  provider,
}: ResourceRef): ChangedResource => ({
  tool,
  form,
  location,
  address,
  resource: name,
  ...(provider !== undefined && { provider }),
});

/** An existing connection of the same pair as one that is to be created. */
export interface Collision {
  connectionId: string;
  /** The resource that gives up the existing connection. Left out if none does, even if a resource manages the connection. */
  resource?: string | undefined;
  /** Whether that resource may delete its connection first. Then the create succeeds. */
  mayBeDeletedFirst?: true | undefined;
  /** Types that stop being shared if DATADOG_ORG_CONNECTIONS_ADOPT makes the create adopt the existing connection. */
  removedTypes?: readonly string[] | undefined;
  /** Whether other types may stop being shared in this case, because not all types that are shared before or after are known. */
  mayRemoveTypes?: true | undefined;
}

/** What one run of `pulumi up`, or one apply of a plan, would do to one connection, or to several that the preview does not show. */
export interface Change extends ChangedResource {
  kind: ChangeKind;
  /** What the connection shares now. Left out if the change creates it. */
  before?: SharedData | undefined;
  /** What it shares afterward. Left out for a `delete`, even with `retainedBy`, and for unreadable connections that are not released. */
  after?: SharedData | undefined;
  /** Types that the destination of `after` newly receives. Sorted. */
  addedTypes: readonly string[];
  /** Types that the destination of `before` no longer receives. Sorted. */
  removedTypes: readonly string[];
  /** UUID of the connection that is updated, deleted, replaced, adopted or released, or whose state changes. */
  connectionId?: string | undefined;
  /** When that connection was created, RFC 3339. */
  createdAt?: string | undefined;
  /** Who created that connection. */
  createdBy?: Creator | undefined;
  /** The reason in the program. For a deleted or released connection, the reason in the state. */
  reason?: string | undefined;
  /** Whether the resource has the option `protect`: in the program, or, for a deleted or released connection, in the state. */
  protect: boolean;
  /** Whether the program sets `adopt`, so that an existing connection of this pair would be adopted. */
  adopt: boolean;
  /** `replace`: the pair is the same, so nothing is shared between the delete and the create. */
  gap?: boolean | undefined;
  /** `replace`: whether the old connection is deleted before the new one is created. */
  deleteFirst?: boolean | undefined;
  /** `drift`, and `update` if there was drift too: what changed outside the program. */
  drift?: { gone: boolean; added: string[]; removed: string[] } | undefined;
  /** `create` with `adopt`: no preview check ran, and no lookup shows whether the pair has a connection. */
  isAdoptionUnchecked?: true | undefined;
  /** `adopt`: the resource that gives up the connection. */
  adoptedFrom?: string | undefined;
  /** `adopt`, `state-only`: the types are unspecified, so they stay as they are, and a lookup confirms that `after` has all of them. */
  areTypesConfirmed?: true | undefined;
  /** `adopt`: the resource in `adoptedFrom` may delete the connection first. Then another connection is created instead. */
  mayInterrupt?: true | undefined;
  /** The pair already has a connection, which the program does not adopt. Datadog refuses the create, except as `Collision` says. */
  collision?: Collision | undefined;
  /**
   * A notice in the preview (adoption-notices.ts) reports that this existing connection is adopted instead of created. Neither the state
   * nor a lookup confirms that this change adopts it.
   */
  adoptionNotice?:
    | {
        connectionId: string;
        /** Types that the existing connection shares. */
        connectionTypes: readonly string[];
        /** Those of them that it would no longer share after the adoption. */
        removedTypes: readonly string[];
      }
    | undefined;
  /**
   * `delete`, `replace`: the resources that manage or adopt the connection, or may do so. The connection is deleted nevertheless. One
   * of them can be this resource, after it moved.
   */
  otherOwners?: ResourceRef[] | undefined;
  /**
   * `delete`, `replace`: the resource is replaced, and its connection is deleted first. A resource in `otherOwners` that was to adopt the
   * connection may find it deleted, and then creates another one for the pair.
   */
  mayBeRecreated?: true | undefined;
  /**
   * `adopt`, `create`, `replace`, `drift`: the resources that delete, or may delete, the connection that this change adopts or may adopt.
   * One of them can be this resource, before it moved.
   */
  deletedBy?: ResourceRef[] | undefined;
  /**
   * `delete`, `replace`, `release`: the resource before it moved from another tool or provider. The connection is deleted or released by
   * that tool or provider.
   */
  formerOwner?: ResourceRef | undefined;
  /**
   * `replace`, `update`, `adopt`: Terraform knows only the ID of the connection, because an import with the official provider reads
   * nothing else. `plan`: this plan imports it. `state`: an earlier import did.
   */
  importedById?: "plan" | "state" | undefined;
  /**
   * `delete`, `replace`: other resources that manage this connection, so the provider retains it. A run with `--target` that leaves them
   * out deletes it, because the engine does not show them to the provider.
   */
  retainedBy?: string[] | undefined;
  /** It is unknown which connections the set declares: this may be one connection, many or none. */
  destinationsUnknown?: true | undefined;
  /** Only the resource and maybe its source are known. What it shares now cannot be read, and may be one connection or many. */
  isUnreadable?: true | undefined;
  /**
   * Why a connection is deleted or released, if not because the program no longer declares it:
   * - `exclusive`: an exclusive set does not declare it.
   * - `leftover`: an interrupted replacement left it behind.
   * - `reference`: the resource becomes a reference (`OrgConnection.get`): to another connection (`delete`), or to this one (`release`).
   * - `forget`: Terraform releases it (`destroy = false`).
   * - `deletedWith`: no request deletes it, because the resource of its option `deletedWith` is deleted in the same operation.
   */
  because?: "exclusive" | "leftover" | "reference" | "forget" | "deletedWith" | undefined;
  /** Properties that change only in the state. */
  stateChanges: StateChange[];
}

/** Returns what is shared now; if nothing is, what is shared afterward. */
export const getBeforeOrAfter = ({ before, after }: Change): SharedData | undefined => before ?? after;

/** Whether the change stops or may stop sharing something, or recreates or may recreate a live connection. */
export function isDestructive(change: Change): boolean {
  const { kind, removedTypes, before, after, mayInterrupt, adoptionNotice, collision, deletedBy } = change;
  if (deletedBy !== undefined) return true;
  if (mayAdoptAny(change)) return true;
  if (kind === "delete" || kind === "replace" || removedTypes.length > 0 || mayInterrupt === true)
    return true;
  // Possible adoptions count too: with DATADOG_ORG_CONNECTIONS_ADOPT, or as an unconfirmed notice reports.
  if (collision?.removedTypes !== undefined || collision?.mayRemoveTypes === true) return true;
  if (adoptionNotice && (adoptionNotice.removedTypes.length > 0 || after?.openTypes === "unknown"))
    return true;
  if (!before || kind === "release" || kind === "state-only") return false;
  // Types that cannot be read, before or after, may stop being shared. Unspecified types stay as they are.
  return after?.openTypes === "unknown" || (before.openTypes === "unknown" && after?.openTypes === undefined);
}

/**
 * Whether the change may adopt an unknown connection, because the preview does not show the pair, or because nothing shows whether the
 * pair has a connection. The types that the program does not declare would then stop being shared.
 */
export function mayAdoptAny({ kind, adopt, after, isAdoptionUnchecked }: Change): boolean {
  if (!adopt || !after || after.openTypes === "unspecified") return false;
  if (isAdoptionUnchecked === true) return true;
  const isKnown =
    getOrganizationKey(after.source) !== undefined && getOrganizationKey(after.sink) !== undefined;
  return (kind === "create" || kind === "replace") && !isKnown;
}

/** Whether a destination receives or may receive types that it did not receive before. */
export function mayAddTypes(change: Change): boolean {
  const { kind, addedTypes, after, drift, mayInterrupt, deletedBy } = change;
  if (addedTypes.length > 0) return true;
  const isCreated = kind === "create" || kind === "replace" || drift?.gone === true;
  const mayBeCreated = isCreated || mayInterrupt === true || deletedBy !== undefined;
  // Datadog chooses the unspecified types of a new connection. Those of an existing one stay as they are.
  if (mayBeCreated) return after?.openTypes !== undefined;
  const isExisting = kind === "adopt" || kind === "drift" || kind === "update";
  return isExisting && after?.openTypes === "unknown";
}
