import { isUuid } from "datadog-org-connections-core/api/uuid.js";
import type { ResourceState } from "./resource-state.js";
import { identify, nameOf, type Form, type UnreadableResource } from "./resources.js";
import { parseState } from "./state.js";
import { isUntold, toldOf } from "./told.js";

export { NOT_READ, stackOf } from "./resources.js";
export type { UnreadableResource } from "./resources.js";

/** A connection that a stack manages: by a resource of its own, or as a member of a set. */
export interface ManagedConnection {
  /** UUID of the connection. */
  id: string;
  /** URN of the resource. */
  urn: string;
  /** The resource's name in the program. */
  name: string;
  form: Form;
  /** The name whose keys are used; none for the default organization. */
  source?: string | undefined;
  /** `source` is a secret: whose keys are used is not told. */
  isSourceUntold?: true | undefined;
  sourceOrgId?: string | undefined;
  sourceOrgName?: string | undefined;
  /** None: a secret. */
  sinkOrgId?: string | undefined;
  sinkOrgName?: string | undefined;
  /** Sorted, as last seen live; none: a secret. */
  connectionTypes?: string[] | undefined;
  unmanagedTypes: boolean;
  /** RFC 3339. */
  createdAt?: string | undefined;
  /** UUID of the user. */
  createdBy?: string | undefined;
  adopt: boolean;
  reason?: string | undefined;
  protect: boolean;
}

/** What stacks manage, and the resources of ours of which that cannot be read. */
export interface Managed {
  connections: ManagedConnection[];
  unreadable: UnreadableResource[];
}

/** What one resource holds. */
export interface Holding {
  own: UnreadableResource;
  connections: ManagedConnection[];
  /** Whether the connections are all that it holds. */
  isWhole: boolean;
}

/**
 * The connections that a stack manages, from what `pulumi stack export` prints. Views (`OrgConnection.get`) and
 * resources that wait for their deletion are no part of it.
 *
 * @param name - how messages call the text
 * @throws an error that says what the text should be
 */
export function managedConnections(exported: unknown, name = "That"): Managed {
  const held = parseState(exported, name).flatMap(({ urn, state }) =>
    state.delete ? [] : [holdingOf(urn, state)],
  );
  return {
    connections: held.flatMap(({ connections }) => connections),
    unreadable: held.flatMap(({ own, isWhole }) => (isWhole ? [] : [own])),
  };
}

/** What several stacks manage. */
export function joinManaged(all: readonly Managed[]): Managed {
  return {
    connections: all.flatMap(({ connections }) => connections),
    unreadable: all.flatMap(({ unreadable }) => unreadable),
  };
}

type Common = Omit<ManagedConnection, "id" | "unmanagedTypes">;

/** What a resource of ours, in a state or a preview, says of its connections. */
export function holdingOf(urn: string, state: ResourceState): Holding {
  const own = identify(urn, state.form) ?? { urn, name: nameOf(urn), form: "single" };
  const { id, outputs, protect } = state;
  const { source, sourceOrgId, sourceOrgName, adopt, reason } = outputs;
  const common: Common = {
    ...own,
    source: toldOf(source),
    isSourceUntold: isUntold(source) ? true : undefined,
    sourceOrgId,
    sourceOrgName,
    adopt,
    reason,
    protect,
  };
  if (own.form === "set") return { own, ...membersOf(common, outputs) };
  if (id === undefined || id === "") return { own, connections: [], isWhole: false };
  const { sinkOrgId, sinkOrgName, connectionTypes, unmanagedTypes, createdAt, createdBy } = outputs;
  const ends = { sinkOrgId, sinkOrgName, connectionTypes, unmanagedTypes, createdAt, createdBy };
  return { own, connections: [{ ...common, ...ends, id }], isWhole: true };
}

function membersOf(common: Common, outputs: ResourceState["outputs"]): Omit<Holding, "own"> {
  const { connections: declared, members, strangers } = outputs;
  if (!members) return { connections: [], isWhole: false };
  // What a set shares with is a member of it, or was found undeclared. A secret has keys of its own.
  const isComplete = Object.keys(declared).every(
    (sink) =>
      !isUuid(sink.toLowerCase()) || Object.hasOwn(members, sink) || Object.hasOwn(strangers ?? {}, sink),
  );
  const entries = Object.entries(members);
  const connections = entries.flatMap(([sinkOrgId, member]): ManagedConnection[] => {
    const connectionTypes = declared[sinkOrgId];
    return member ? [{ ...common, ...member, sinkOrgId, connectionTypes, unmanagedTypes: false }] : [];
  });
  return { connections, isWhole: isComplete && connections.length === entries.length };
}
