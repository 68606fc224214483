import type { ResourceRef } from "../stack/resources.js";
import type { AdoptionNotice } from "./adoption-notices.js";
import type { Change, Collision } from "./change.js";
import type { ConnectionTransition } from "./connection-transitions.js";
import type { KnownConnection } from "./organization-directory.js";
import type { Pair, SharedData } from "./shared-data.js";

/** A transition with resolved organizations, and with the effects that the other transitions have on it. */
export interface ResolvedTransition extends ConnectionTransition {
  /** What `current` shares, with all that is known about its organizations. */
  before: SharedData | undefined;
  /** What `declared` will share, with all that is known about its organizations. */
  after: SharedData | undefined;
  /** The connection that this transition adopts, and the fields of `Change` about the resource that gives the connection up. */
  adopts?: KnownConnection & Pick<Change, "adoptedFrom" | "mayInterrupt">;
  /** Whether another resource, or the replacement of this resource, adopts `current`. */
  isHandedOver: boolean;
  /** A notice in the preview that an existing connection is adopted. Nothing confirms that this transition adopts it. */
  adoptionNotice?: AdoptionNotice;
  /** The resources that delete or may delete what this resource adopts or may adopt. They can include this resource, before it moved. */
  deletedBy: ResourceRef[];
  /** The resources that adopt or may adopt what this resource deletes or may delete. They can include this resource, after it moved. */
  adoptedBy: ResourceRef[];
  /** The pair already has a connection, which the program does not adopt. */
  collision?: Collision;
}

/** Finds, for a pair, a connection that another resource manages and cannot hand over to this resource (managed-elsewhere.ts). */
export type FindManagedElsewhere = (resource: ResourceRef, pair: Pair) => KnownConnection | undefined;
