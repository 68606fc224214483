/** What a program asks for: everything one organization shares, normalised. */
export interface WantedSet {
  source?: string;
  /** By UUID of the destination (lower case): its types, sorted. */
  connections: Record<string, string[]>;
  exclusive?: boolean;
  adopt?: boolean;
  reason?: string;
}

/** One connection of a set, besides its types. */
export interface Member {
  id: string;
  sinkOrgName?: string;
  createdAt: string;
  createdBy?: string;
}

/** What the state holds of a set. */
export interface RecordedSet extends WantedSet {
  /** What is live, by destination; with `exclusive`, strangers too, so that their removal shows. */
  connections: Record<string, string[]>;
  members: Record<string, Member>;
  /** With `exclusive`: the ids of connections that were live and not declared, by destination. */
  strangers?: Record<string, string>;
  sourceOrgId: string;
  sourceOrgName?: string;
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
