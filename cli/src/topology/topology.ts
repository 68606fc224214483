/** An organization in a topology. */
export interface TopologyOrganization {
  /** UUID; a unique string if that is unknown. */
  id: string;
  /** Its name, for display. If none is known, usually the id, or for an unknown organization a word such as `unknown`. */
  name: string;
}

/** What a change does to a connection. Left out for an unchanged one. */
export type TopologyChange = "created" | "updated" | "replaced" | "deleted";

/** One organization shares with another. */
export interface TopologyConnection {
  /** UUID of the connection. Left out in a review. */
  id?: string;
  sourceOrgId: string;
  sinkOrgId: string;
  /**
   * The types, for display. `unknown types` means that there may be types that are unknown, besides those listed. In a review, `+` or
   * `-` marks types that an update adds or removes. If empty, Datadog chooses the types.
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
