/** An organization in a topology. */
export interface TopologyOrganization {
  /** UUID, or a unique string if the UUID is unknown. */
  id: string;
  /** Its name, for display. If no name is known, the id or a description such as `unknown`. */
  name: string;
}

/** What a change does to a connection. */
export type TopologyChange = "created" | "updated" | "replaced" | "deleted";

/** A connection: what one organization shares with another. */
export interface TopologyConnection {
  /** UUID of the connection. Left out in a review. */
  id?: string;
  /** The `id` of the source in `organizations`. */
  sourceOrgId: string;
  /** The `id` of the destination in `organizations`. */
  sinkOrgId: string;
  /**
   * The types, for display. The entry `unknown types` means that the list may be incomplete. In a review, `+` or `-` marks types
   * that an update adds or removes. If empty, Datadog chooses the types.
   */
  connectionTypes: readonly string[];
  /** Only for a live connection that has drifted: the types in the state that manages it, which differ from `connectionTypes`. */
  declaredTypes?: readonly string[];
  /** RFC 3339. */
  createdAt?: string;
  /** The user: the name, otherwise the handle or the UUID. */
  createdBy?: string;
  /** The stacks, or files with states of Terraform, that manage the connection. Left out or empty if none is known. */
  managedBy?: readonly string[];
  /** Left out for an unchanged connection, and outside a review. */
  change?: TopologyChange;
}

/** Who shares what with whom. `organizations` has both organizations of every connection. */
export interface Topology {
  organizations: readonly TopologyOrganization[];
  connections: readonly TopologyConnection[];
  /**
   * The stacks and files that were read. A connection that none of them manages is *unmanaged*. If `stacks` is left out, it is
   * unknown whether a connection is managed.
   */
  stacks?: readonly string[];
}
