import type { ManagedConnection, ManagedConnections } from "../../stack/managed.js";
import { isOwnTool, type Tool } from "../../stack/resources.js";

/** A tool from which connections move to the resources of this repository. */
export type FormerTool = Exclude<Tool, "datadog-org-connections" | "datadog-org-connections-plugin">;

/** A resource of another tool that manages a connection. */
export interface FormerOwner extends ManagedConnection {
  tool: FormerTool;
}

/** What the state of `--from` manages. */
export interface FormerState extends ManagedConnections {
  /** The name of the file in messages. */
  name: string;
}

/** The connections of a state, by whether they can move. */
export interface MovedConnections {
  /** For each connection that exactly one resource of the former tool manages: that resource, by the connection's UUID in lower case. */
  owners: ReadonlyMap<string, FormerOwner>;
  /** For each connection that several resources of the former tool manage: those resources. It is unknown which is to keep it. */
  repeated: FormerOwner[][];
  /** Connections that resources of this repository manage already. */
  alreadyMoved: ManagedConnection[];
}

/** Groups the connections of the state of `--from`. */
export function groupFormerConnections({ connections }: ManagedConnections): MovedConnections {
  const byId = new Map<string, FormerOwner[]>();
  for (const one of connections) {
    const id = one.id.toLowerCase();
    if (isFormerOwner(one)) byId.set(id, [...(byId.get(id) ?? []), one]);
  }
  const groups = [...byId];
  return {
    owners: new Map(
      groups.flatMap(([id, [only, ...more]]) => (only && more.length === 0 ? [[id, only]] : [])),
    ),
    repeated: groups.flatMap(([, owners]) => (owners.length > 1 ? [owners] : [])),
    alreadyMoved: connections.filter((one) => !isFormerOwner(one)),
  };
}

const isFormerOwner = (one: ManagedConnection): one is FormerOwner => !isOwnTool(one);
