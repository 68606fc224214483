import type { ResourceRef } from "../stack/resources.js";
import type { AdoptionNotice } from "./adoption-notices.js";
import type { Change, Collision } from "./change.js";
import type { ConnectionTransition } from "./connection-transitions.js";
import type { KnownConnection } from "./organization-directory.js";
import type { Pair, SharedData } from "./shared-data.js";

/** A transition with the source and destination of `before` and `after` resolved, and with the effects of the other transitions on it. */
export interface ResolvedTransition extends ConnectionTransition {
  before: SharedData | undefined;
  after: SharedData | undefined;
  /** The connection that it adopts, and the resource that gives it up, if there is one. */
  adopts?: KnownConnection & Pick<Change, "adoptedFrom" | "mayInterrupt">;
  /** Another resource, or the replacement of this one, adopts its connection. */
  isHandedOver: boolean;
  /** A notice in the preview that an existing connection is adopted. Nothing confirms that this transition adopts it. */
  adoptionNotice?: AdoptionNotice;
  /** The resources that delete, or may delete, the connection that this one adopts. One of them can be this resource, before it moved. */
  deletedBy: ResourceRef[];
  /** The resources that adopt, or may adopt, the connection that this one deletes. One of them can be this resource, after it moved. */
  adoptedBy: ResourceRef[];
  /** The pair already has a connection, which the program does not adopt. */
  collision?: Collision;
}

/** Finds, for a pair, the connection that another resource manages and cannot hand over (managed-elsewhere.ts). */
export type FindManagedElsewhere = (resource: ResourceRef, pair: Pair) => KnownConnection | undefined;
