/** An organization in a topology. */
export interface TopologyOrganization {
  /** UUID; a unique string if that is not yet known. */
  id: string;
  /** Its name; the id if no name is known. */
  name: string;
}

/** What a change does to a connection. Left out for an unchanged one. */
export type TopologyChange = "created" | "updated" | "replaced" | "deleted";

/** One organization shares with another. */
export interface TopologyConnection {
  /** UUID of the connection. Left out in a review, and in a map if it is unknown. */
  id?: string;
  sourceOrgId: string;
  sinkOrgId: string;
  /**
   * The types, for display. `unknown types` means that the types cannot be read. In a review, `+` or `-` marks those that change.
   * If empty, Datadog chooses the types.
   */
  connectionTypes: readonly string[];
  /** RFC 3339. */
  createdAt?: string;
  /** The user: the name, otherwise the handle or the UUID. */
  createdBy?: string;
  /** The stacks, or files with states of Terraform, that manage the connection. Left out or empty if none is known. */
  managedBy?: readonly string[];
  change?: TopologyChange;
}

/** Who shares what with whom. It includes both organizations of every connection. */
export interface Topology {
  organizations: readonly TopologyOrganization[];
  connections: readonly TopologyConnection[];
  /**
   * The stacks and files that were read. A connection that none of them manages is *unmanaged*. If left out, it is unknown
   * whether a connection is managed.
   */
  stacks?: readonly string[];
}
