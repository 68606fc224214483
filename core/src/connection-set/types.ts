import type { UNKNOWN } from "../connection/types.js";

/** What a program asks for: everything one organization shares, normalised. */
export interface WantedSet {
  source?: string | undefined;
  /** By UUID of the destination (lower case): its types, sorted. */
  connections: Record<string, string[]>;
  exclusive?: boolean | undefined;
  adopt?: boolean | undefined;
  reason?: string | undefined;
}

/** The same in a preview, where the destinations may not be known yet. */
export interface PlannedSet extends Omit<WantedSet, "connections"> {
  connections: WantedSet["connections"] | typeof UNKNOWN;
}

/** One connection of a set, besides its types. */
export interface Member {
  id: string;
  sinkOrgName?: string | undefined;
  createdAt: string;
  createdBy?: string | undefined;
}

/** What the state holds of a set. */
export interface RecordedSet extends WantedSet {
  /** What is live, by destination; with `exclusive`, strangers too, so that their removal shows. */
  connections: Record<string, string[]>;
  members: Record<string, Member>;
  /** With `exclusive`: the ids of connections that were live and not declared, by destination. */
  strangers?: Record<string, string> | undefined;
  sourceOrgId: string;
  sourceOrgName?: string | undefined;
}

/**
 * A create or update of a set that was done in part: what is live now, and why the rest is not. The host hands it to the
 * engine, which keeps the first as the state and goes on from there at the next `up`.
 */
export class DoneInPart extends Error {
  constructor(
    readonly recorded: RecordedSet,
    readonly reasons: readonly Error[],
  ) {
    super(`done in part: ${reasons.length} of the changes failed`);
  }
}
