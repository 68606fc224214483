import type { FLAG_INPUTS, TEXT_INPUTS } from "datadog-org-connections-core/connection-set/fields.js";
import type { ResourceRef } from "../stack/resources.js";
import type { SharedData } from "./shared-data.js";

/** The kinds of changes, the most severe first. */
export const changeKinds = [
  /** The connection is deleted, and nothing takes its place. */
  "delete",
  /** The connection is deleted, and another one is created, with a new id and a new creator. */
  "replace",
  /**
   * The live connection differs from the state or is gone, and the program restores it. A preview of Pulumi shows drift only with
   * `--refresh`.
   */
  "drift",
  /** The types of a connection change. */
  "update",
  /** A connection is created. */
  "create",
  /** An existing connection is adopted. */
  "adopt",
  /**
   * The connection leaves the stack or the Terraform state and is not deleted: `retainOnDelete`, `deletedWith`,
   * `OrgConnection.get`, or `destroy = false`.
   */
  "release",
  /** Only the state changes, such as a reason, a source name or a protection. The shared data stays the same. */
  "state-only",
] as const;

export type ChangeKind = (typeof changeKinds)[number];

/** A property that changes only in the state. */
export interface StateChange {
  /** `connectionTypes`: the program starts to set the types, or starts to leave them unspecified. */
  property: (typeof TEXT_INPUTS | typeof FLAG_INPUTS)[number] | "protect" | "connectionTypes";
  /** For display. Left out if the property was not set. */
  before?: string | boolean | undefined;
  /** For display. Left out if the property will not be set. */
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

/** The resource that changes. For a member of a set, this is the set. */
export interface ChangedResource extends Omit<ResourceRef, "name"> {
  /** Its name in the program. In Terraform, its address. */
  resource: string;
}

/** Converts a resource to the fields that describe it in a change. */
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

/** An existing connection of a pair for which the program creates a connection. */
export interface Collision {
  connectionId: string;
  /**
   * The name of the resource that gives up the existing connection. Left out if no resource gives it up, even if a resource manages
   * the connection.
   */
  resource?: string | undefined;
  /** Whether `resource` may delete the existing connection first. If it does, the create succeeds. */
  mayBeDeletedFirst?: true | undefined;
  /** Whether the set may not declare the pair, because its destinations are unknown. If so, the create succeeds. */
  mayBeUndeclared?: true | undefined;
  /** With DATADOG_ORG_CONNECTIONS_ADOPT, the create adopts the existing connection and stops sharing these types. */
  removedTypes?: readonly string[] | undefined;
  /** Whether that adoption may stop sharing more types, because not all types before or after the adoption are known. */
  mayRemoveTypes?: true | undefined;
}

/** What all kinds of changes have. */
export interface CommonChange extends ChangedResource {
  /** Types that the destination of `after` newly receives. Sorted. */
  addedTypes: readonly string[];
  /**
   * Types that the destination of `before` no longer receives. With `retainedBy`, it stops receiving them only in a run with
   * `--target` that leaves out all resources in `retainedBy`. Sorted.
   */
  removedTypes: readonly string[];
  /** UUID of the existing connection that this change is about. */
  connectionId?: string | undefined;
  /** When that connection was created, RFC 3339. */
  createdAt?: string | undefined;
  /** Who created that connection. */
  createdBy?: Creator | undefined;
  /** The reason in the program. For a deleted or released connection, the reason in the state. Left out for a `leftover`. */
  reason?: string | undefined;
  /** Whether the resource has the option `protect` in the program. For a deleted or released connection: in the state. */
  protect: boolean;
  /** Whether the program declares the connection with `adopt`, so that an existing connection of the pair would be adopted. */
  adopt: boolean;
  /**
   * It is unknown which connections the set declares. Without `before`, this change is about one connection, many or none. With
   * `before`, the set may declare that connection or not.
   */
  destinationsUnknown?: true | undefined;
  /** Properties that change only in the state. */
  stateChanges: StateChange[];
}

/** A connection that another resource may own or have owned. It is deleted, released or replaced. */
export interface GivenUp {
  /** What the connection shares now. */
  before: SharedData;
  /**
   * `delete`, `replace`: the resources that manage, adopt or may adopt the connection. They do not prevent the deletion. If this
   * resource moves to another tool or provider, one of them can be this resource after the move.
   */
  otherOwners?: ResourceRef[] | undefined;
  /**
   * `delete`, `replace`: the resource is replaced, and its connection is deleted first. A resource in `otherOwners` may then create
   * another connection instead of adopting this one.
   */
  mayBeRecreated?: true | undefined;
  /**
   * `delete`, `replace`, `release`: the resource before it moved from another tool or provider. That tool or provider deletes or
   * releases the connection.
   */
  formerOwner?: ResourceRef | undefined;
  /**
   * `delete`, `replace`: the names of other resources that manage the connection, so the provider retains it. But a run with
   * `--target` deletes the connection if it does not target these resources. In such a run, the engine does not show them to the
   * provider.
   */
  retainedBy?: string[] | undefined;
}

/** A connection that is created, or adopted if the pair has one that the preview does not show. */
export interface New {
  /** What is shared afterward. */
  after: SharedData;
  /**
   * `create`, `replace`, `drift`: the pair already has a connection, which the program does not adopt. So the create fails.
   * {@link Collision} explains the exceptions.
   */
  collision?: Collision | undefined;
  /**
   * With `adopt`, for a new connection: nothing shows whether the pair has a connection. The preview checks may not have run, and no
   * lookup read the connections of either organization.
   */
  isAdoptionUnchecked?: true | undefined;
  /**
   * A notice in the preview (adoption-notices.ts) reports that this existing connection is adopted. Nothing confirms that this
   * change adopts it.
   */
  adoptionNotice?:
    | {
        connectionId: string;
        /** Types that the existing connection shares. */
        connectionTypes: readonly string[];
        /** Types that would no longer be shared. */
        removedTypes: readonly string[];
      }
    | undefined;
  /**
   * `adopt`, `create`, `replace`, `drift`: this change adopts or may adopt a connection that these resources delete or may delete.
   * If this resource moves from another tool or provider, one of them can be this resource before the move.
   */
  deletedBy?: ResourceRef[] | undefined;
}

/** A connection that stays, maybe with other types. */
interface Kept {
  /** What the connection shares now. */
  before: SharedData;
  /** What it shares afterward. */
  after: SharedData;
}

interface Left extends CommonChange, GivenUp {
  /**
   * Why the connection is deleted or released. Left out if the program no longer declares the connection, or if its resource is
   * replaced. A `release` without this field is due to `retainOnDelete`.
   * - `exclusive`: an exclusive set does not declare it.
   * - `leftover`: an interrupted replacement left it behind.
   * - `reference`: its resource becomes a reference (`OrgConnection.get`). With `delete`, the reference is to another connection.
   *   With `release`, it is to this connection.
   * - `forget`: Terraform releases it (`destroy = false`).
   * - `deletedWith`: the resource in the option `deletedWith` is deleted in the same operation, so no request deletes the
   *   connection.
   * - `type`: an alias turns its resource into one of another type.
   */
  because?: "exclusive" | "leftover" | "reference" | "forget" | "deletedWith" | "type" | undefined;
  /** The change is about all unreadable connections of the resource: one or many. Only their source can be known. */
  isUnreadable?: true | undefined;
}

interface Deletion extends Left {
  kind: "delete";
}

interface Release extends Left {
  kind: "release";
  /** The same as `before`. */
  after: SharedData;
}

/** The operation on a resource whose connections cannot be read. Nothing shows what it shares afterward. */
interface UnreadableChange extends Left {
  kind: "update" | "replace";
  isUnreadable: true;
}

interface Creation extends CommonChange, New {
  kind: "create";
}

/** The refresh found the connection gone, and the program creates it again. */
interface Recreation extends CommonChange, New {
  kind: "drift";
  drift: Drift;
}

interface Replacement extends CommonChange, GivenUp, New {
  kind: "replace";
  /** `replace`: the pair is the same, so nothing is shared between the delete and the create. */
  gap?: boolean | undefined;
  /** `replace`: whether the old connection is deleted before the new one is created. */
  deleteFirst?: boolean | undefined;
  /**
   * `replace`, `update`, `adopt`: Terraform knows only the ID of the connection, because an import with the official provider reads
   * nothing else. `plan`: this plan imports the connection. `state`: an earlier import did.
   */
  importedById?: "plan" | "state" | undefined;
}

/** The types change. `drift`: they return to what the program declared before. */
interface Update extends CommonChange, Kept {
  kind: "update" | "drift";
  /** `drift`, `update`: the changes outside the program. The connection was deleted (`gone`), or its types changed. */
  drift?: Drift | undefined;
  /**
   * `replace`, `update`, `adopt`: Terraform knows only the ID of the connection, because an import with the official provider reads
   * nothing else. `plan`: this plan imports the connection. `state`: an earlier import did.
   */
  importedById?: "plan" | "state" | undefined;
}

interface Adoption extends CommonChange, Kept {
  kind: "adopt";
  /** `adopt`: the name of the resource that gives up the connection. It can be this resource, if this resource is replaced. */
  adoptedFrom?: string | undefined;
  /** `adopt`, `state-only`: the types are unspecified and stay as they are. A lookup confirms that `after` has all of them. */
  areTypesConfirmed?: true | undefined;
  /** `adopt`: the resource in `adoptedFrom` may delete the connection first. If it does, another connection is created instead. */
  mayInterrupt?: true | undefined;
  /**
   * `adopt`, `create`, `replace`, `drift`: this change adopts or may adopt a connection that these resources delete or may delete.
   * If this resource moves from another tool or provider, one of them can be this resource before the move.
   */
  deletedBy?: ResourceRef[] | undefined;
  /**
   * `replace`, `update`, `adopt`: Terraform knows only the ID of the connection, because an import with the official provider reads
   * nothing else. `plan`: this plan imports the connection. `state`: an earlier import did.
   */
  importedById?: "plan" | "state" | undefined;
}

interface StateOnlyChange extends CommonChange, Kept {
  kind: "state-only";
  /** `adopt`, `state-only`: the types are unspecified and stay as they are. A lookup confirms that `after` has all of them. */
  areTypesConfirmed?: true | undefined;
}

/** A change outside the program: the connection was deleted (`gone`), or its types changed. */
interface Drift {
  gone: boolean;
  added: string[];
  removed: string[];
}

type AnyChange =
  | Deletion
  | Release
  | UnreadableChange
  | Creation
  | Recreation
  | Replacement
  | Update
  | Adoption
  | StateOnlyChange;

type KeyOf<T> = T extends unknown ? keyof T : never;
/** A union in which each member can be asked for the fields of all others. It does not have them. */
type Exclusive<T, K extends PropertyKey = KeyOf<T>> = T extends unknown
  ? T & Partial<Record<Exclude<K, keyof T>, undefined>>
  : never;

/** What one `pulumi up` or one apply of a plan would do to one connection, or to several that the preview does not show. */
export type ComputedChange = Exclusive<AnyChange>;

/** Returns what is shared now. If nothing is shared now, returns what is shared afterward. */
export const getBeforeOrAfter = ({ before, after }: ComputedChange): SharedData | undefined =>
  before ?? after;
