import type { ResourceRef } from "../stack/resources.js";
import type { AdoptionNotice } from "./adoption-notices.js";
import type { Collision } from "./change.js";
import type { Change } from "./facts.js";
import type { ConnectionTransition } from "./connection-transitions.js";
import type { KnownConnection } from "./organization-directory.js";
import type { Pair, SharedData } from "./shared-data.js";

/** A transition with resolved organizations, and with the effects of other transitions. */
export interface ResolvedTransition extends ConnectionTransition {
  /** What `current` shares, with all that is known about its organizations. */
  before: SharedData | undefined;
  /** What `declared` will share, with all that is known about its organizations. */
  after: SharedData | undefined;
  /** The connection that this transition adopts, and the fields of `Change` about the resource that gives the connection up. */
  adopts?: KnownConnection & Pick<Change, "adoptedFrom" | "mayInterrupt">;
  /** Whether another resource, or the replacement of this resource, adopts `current`. */
  isHandedOver: boolean;
  /** An unconfirmed notice in the preview that an existing connection is adopted, possibly by this transition. */
  adoptionNotice?: AdoptionNotice;
  /** The resources that may delete what this resource may adopt. If this resource moves, one can be its former self. */
  deletedBy: ResourceRef[];
  /** The resources that may adopt what this resource may delete. If this resource moves, one can be its new self. */
  adoptedBy: ResourceRef[];
  /** The pair already has a connection, which the program does not adopt. */
  collision?: Collision;
}

/**
 * Finds the connection of a pair if another resource manages the connection and cannot hand it over to `resource`
 * (`managed-elsewhere.ts`).
 */
export type FindManagedElsewhere = (resource: ResourceRef, pair: Pair) => KnownConnection | undefined;
