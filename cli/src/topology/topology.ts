/** An organization in a picture of who shares with whom. */
export interface TopologyOrganization {
  /** UUID; for one that is not known yet, a text of its own. */
  id: string;
  /** As people know it; the id, where no name is known. */
  name: string;
}

/** What a change does to a connection; none for one that stays as it is. */
export type TopologyChange = "added" | "changed" | "replaced" | "removed";

/** One organization shares with another. */
export interface TopologyConnection {
  /** UUID of the connection, where there is one. */
  id?: string;
  sourceOrgId: string;
  sinkOrgId: string;
  /** Sorted. None: Datadog chooses. */
  connectionTypes: readonly string[];
  /** RFC 3339. */
  createdAt?: string;
  /** The user, by name or UUID. */
  createdBy?: string;
  /** The stack or stacks that manage it; none where no stack is known to. */
  managedBy?: readonly string[];
  change?: TopologyChange;
}

/** Who shares what with whom. Every end of a connection is among the organizations. */
export interface Topology {
  organizations: readonly TopologyOrganization[];
  connections: readonly TopologyConnection[];
  /**
   * The stacks that were looked at: a connection that none of them manages is then *unmanaged*. Left out: nobody looked,
   * and whether a connection is managed is not known.
   */
  stacks?: readonly string[];
}
