import { joinFirst, pluralize } from "../../shared/text.js";
import type { LiveConnections } from "../../live/read-live.js";
import type { ManagedConnection, ManagedConnections } from "../../stack/managed.js";
import { isOwnTool, type Tool } from "../../stack/resources.js";
import { formatLiteral } from "./literal.js";

/** A tool from which connections move to dynamic resources or resources of the plugin. */
export type FormerTool = Exclude<Tool, "datadog-org-connections" | "datadog-org-connections-plugin">;

/** A resource of another tool, with the connection that the resource manages. */
export interface FormerOwner extends ManagedConnection {
  tool: FormerTool;
}

/** What the state of `--from` manages. */
export interface FormerState extends ManagedConnections {
  /** The name of the file in messages. */
  name: string;
  /** The connections that interrupted replacements left behind, and that are still to be deleted. They are not in `connections`. */
  pendingDeletions: ManagedConnection[];
}

/** The connections of the state of `--from`, by whether they can move. */
export interface FormerConnections {
  /** The owners of the connections that exactly one resource of the former tool manages, by the connection's UUID in lower case. */
  owners: ReadonlyMap<string, FormerOwner>;
  /** Each list has the resources of the former tool that manage the same connection. It is unknown which of them should move. */
  repeated: FormerOwner[][];
  /** Connections that dynamic resources or resources of the plugin already manage. */
  alreadyMoved: ManagedConnection[];
}

/** Groups the connections of the state of `--from` by whether they can move. */
export function groupFormerConnections({ connections }: ManagedConnections): FormerConnections {
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

/** The maximum count of connections in the message about pending deletions. */
const MAX_PENDING = 10;

/**
 * Requires that the state of `--from` has no pending deletion of a live connection. If the former tool forgets a moved resource,
 * for example with `terraform state rm`, it also forgets the pending deletion. Then nothing deletes the connection.
 *
 * @throws if there is a pending deletion of a live connection
 */
export function requireNoPendingDeletions(
  { name, pendingDeletions }: FormerState,
  { connections }: LiveConnections,
): void {
  const liveIds = new Set(connections.map(({ id }) => id));
  const pending = pendingDeletions.filter(({ id }) => liveIds.has(id.toLowerCase()));
  const [first] = pending;
  if (!first) return;
  const command = first.tool === "terraform" ? "`tofu apply` or `terraform apply`" : "`pulumi up`";
  const formatted = pending.map((one) => `${formatLiteral(one.id)} (${formatLiteral(one.name)})`);
  throw new Error(
    `According to ${name}, ${pluralize(pending.length, "a live connection is", "live connections are")} still to be deleted, because a ` +
      `replacement was interrupted: ${joinFirst(formatted, MAX_PENDING)}. If the resources move first, ` +
      `${pluralize(pending.length, "this connection", "these connections")} may never be deleted. First complete the replacement with ${command}, then run this command with the new state.`,
  );
}

const isFormerOwner = (one: ManagedConnection): one is FormerOwner => !isOwnTool(one);
