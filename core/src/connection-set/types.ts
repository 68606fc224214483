import { formatCount } from "../api/format-count.js";
import type { UNKNOWN } from "../connection/types.js";

/** The checked and normalized inputs of a set: the declared connections of one source organization. */
export interface SetInputs {
  /** The source organization, by its name in the stack's configuration or environment. @default the default organization */
  source?: string | undefined;
  /** The sorted types, by the UUID of the destination in lower case. */
  connections: Record<string, string[]>;
  /** Whether an update deletes the connections that the state lists as undeclared. */
  exclusive?: boolean | undefined;
  /** Whether existing connections of these pairs are adopted. */
  adopt?: boolean | undefined;
  /** A note for reviewers, which is not sent to Datadog. */
  reason?: string | undefined;
}

/** The inputs in a preview, where the destinations may be unknown. */
export interface PlannedSetInputs extends Omit<SetInputs, "connections"> {
  connections: SetInputs["connections"] | typeof UNKNOWN;
}

/** One connection of a set, without its types. */
export interface Member {
  /** UUID of the connection. */
  id: string;
  sinkOrgName?: string | undefined;
  /** RFC 3339, as sent by the API. */
  createdAt: string;
  /** UUID of the user who created it. */
  createdBy?: string | undefined;
}

/** The state of a set. */
export interface SetState extends SetInputs {
  /**
   * The live types by destination. With `exclusive`, this includes undeclared connections, so that a preview shows their
   * deletion.
   */
  connections: Record<string, string[]>;
  /** By the UUID of the destination. */
  members: Record<string, Member>;
  /** With `exclusive`: the IDs of the connections that were undeclared at the last refresh or change, by destination. */
  undeclared?: Record<string, string> | undefined;
  /** UUID of the source organization, which is also the ID of the set. */
  sourceOrgId: string;
  sourceOrgName?: string | undefined;
}

/** What a change does to the connections of a set. */
export interface SetChange {
  /**
   * The connections that the change deletes, because their destinations are not declared:
   *
   * - members that no other resource is known to manage
   * - in an update of an exclusive set: undeclared connections that no other resource claims
   *
   * Empty while the destinations are unknown. A replacement also deletes members to declared destinations, which are not included
   * here.
   */
  deletions: readonly { sink: string }[];
  /**
   * The destinations of members that this operation has deleted. If a destination is still declared, its connection must be created
   * again. Empty for a replacement, and while the destinations are unknown.
   */
  sinksOfDeletedMembers: readonly string[];
}

/**
 * The create or update of a set failed in part. Some changes or the listing of undeclared connections failed. Contains the state
 * with the completed changes, and the reasons for the failures. The host (the dynamic provider or the plugin) passes the state and
 * the reasons to the engine. The engine saves the state, and the next `up` applies the remaining changes.
 */
export class PartialFailure extends Error {
  constructor(
    readonly state: SetState,
    readonly reasons: readonly Error[],
  ) {
    super(`the operation is incomplete, with ${formatCount(reasons.length, "error")}`);
  }
}
