import { parseTypes, hasSameTypes } from "datadog-org-connections-core/connection/inputs.js";
import * as v from "valibot";
import { joinFirst, pluralize } from "../../shared/text.js";
import { formatLiteral } from "./literal.js";
import { createCheckedFilter, type LiveConnections, type LiveConnection } from "../../live/read-live.js";
import type { ManagedConnections, ManagedConnection } from "../../stack/managed.js";
import { isOwnTool, isSameResource, type ResourceRef, type Tool } from "../../stack/resources.js";

/** The name that the program uses for each checked organization, by UUID. The name of the default organization is `undefined`. */
export type SourceNames = ReadonlyMap<string, string | undefined>;

/** The inputs of a draft. */
export interface DraftInputs {
  live: LiveConnections;
  sourceNames: SourceNames;
  /** What the stacks already manage. */
  managed: ManagedConnections;
  /** The state whose connections move. If present, only the connections of this state are declared. */
  from?: FormerState;
}

/** A live connection that the program declares. */
export interface DraftConnection {
  sourceId: string;
  sinkId: string;
  row: LiveConnection;
  /** The resource that manages the connection in the state of `--from`. */
  owner?: FormerOwner;
}

/**
 * Groups the connections: those that the program declares and, for each reason, those that the program omits.
 *
 * @param needsTypes - whether the program must declare the types of each connection, as in a set
 */
export function groupConnections({ live, sourceNames, managed, from }: DraftInputs, needsTypes: boolean) {
  const former = from && groupFormerConnections(from);
  const managedById = new Map<string, ManagedConnection[]>();
  for (const one of [...managed.connections, ...(former?.alreadyMoved ?? [])]) {
    const id = one.id.toLowerCase();
    managedById.set(id, [...(managedById.get(id) ?? []), one]);
  }
  const groups = {
    declared: [] as DraftConnection[],
    managed: [] as ManagedConnection[],
    inbound: [] as LiveConnection[],
    incomplete: [] as LiveConnection[],
    undeclarable: [] as LiveConnection[],
    /** Connections that the state of `--from` does not manage. */
    elsewhere: [] as LiveConnection[],
  };
  const repeatedIds = new Set(former?.repeated.flatMap((all) => all.map(({ id }) => id.toLowerCase())));
  const uncheckedNames = new Set(live.organizations.flatMap((one) => (one.checked ? [] : [one.names[0]])));
  for (const row of live.connections) {
    const { source, sink, listedBy } = row;
    // The result has this connection in `repeated`.
    if (repeatedIds.has(row.id)) continue;
    const owner = former?.owners.get(row.id);
    // `--stack` and `--from` may be the same state. A connection is not "already managed" by the resource that it moves from.
    const alreadyManaged = managedById.get(row.id)?.find((one) => !owner || !isSameResource(one, owner));
    if (alreadyManaged) groups.managed.push(alreadyManaged);
    else if (former && !owner) groups.elsewhere.push(row);
    else if (!source || !sink) groups.incomplete.push(row);
    else if (!sourceNames.has(source.id)) {
      // The connection is inbound if a checked organization lists it. A checked destination is found by its ID, because a name in
      // `listedBy` may be that of a checked organization in one stack and of an unchecked one in another. If only unchecked
      // organizations list the connection, one of them may be its source. A remark already names them.
      if (sourceNames.has(sink.id) || !listedBy.every((name) => uncheckedNames.has(name)))
        groups.inbound.push(row);
    } else if (needsTypes && !getDeclarableTypes(row)) groups.undeclarable.push(row);
    else groups.declared.push({ sourceId: source.id, sinkId: sink.id, row, ...(owner && { owner }) });
  }
  const unlisted = findUnlisted(live, former?.owners);
  return {
    ...groups,
    ...unlisted,
    remaining: from ? listRemaining(from, [...groups.declared, ...unlisted.gone]) : [],
    repeated: former?.repeated ?? [],
    unreadable: [...managed.unreadable, ...(from?.unreadable ?? [])],
    unchecked: live.organizations.filter(({ checked }) => !checked),
  };
}

/**
 * Lists the resources that have to stay in the state of `--from`: all except the owners of `settled` connections.
 *
 * @param settled - the connections that move or are gone
 */
function listRemaining(
  { connections, unreadable }: FormerState,
  settled: readonly { owner?: FormerOwner }[],
): ResourceRef[] {
  const owners = new Set<ResourceRef | undefined>(settled.map(({ owner }) => owner));
  return [...connections.filter((one) => !owners.has(one)), ...unreadable];
}

/** A connection of the state of `--from` that is gone: no list shows it, although one of its organizations was checked. */
export interface GoneConnection {
  owner: FormerOwner;
  /** The live connection of the same pair, which has another ID. */
  recreated?: LiveConnection;
}

/** Finds the connections of `owners` that no list shows: those that are gone, and those that may be live. */
function findUnlisted(
  { organizations, connections }: LiveConnections,
  owners: ReadonlyMap<string, FormerOwner> = new Map(),
): { gone: GoneConnection[]; possiblyLive: FormerOwner[] } {
  const liveIds = new Set(connections.map(({ id }) => id));
  const isOfCheckedOrganization = createCheckedFilter(organizations);
  const unlisted = [...owners].flatMap(([id, owner]) => (liveIds.has(id) ? [] : [owner]));
  const findRecreated = (owner: FormerOwner) =>
    connections.find(
      ({ source, sink }) =>
        source &&
        sink &&
        source.id === owner.sourceOrgId?.toLowerCase() &&
        sink.id === owner.sinkOrgId?.toLowerCase(),
    );
  return {
    gone: unlisted.filter(isOfCheckedOrganization).map((owner) => {
      const recreated = findRecreated(owner);
      return { owner, ...(recreated && { recreated }) };
    }),
    possiblyLive: unlisted.filter((owner) => !isOfCheckedOrganization(owner)),
  };
}

/** Returns the live types, or undefined if a program cannot declare exactly these types. */
export function getDeclarableTypes({ connectionTypes }: LiveConnection): string[] | undefined {
  const declared = parseTypes(connectionTypes);
  return declared && hasSameTypes(declared, connectionTypes) ? connectionTypes : undefined;
}

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
interface FormerConnections {
  /** The owners of the connections that exactly one resource of the former tool manages, by the connection's UUID in lower case. */
  owners: ReadonlyMap<string, FormerOwner>;
  /** Each list has the resources of the former tool that manage the same connection. It is unknown which of them should move. */
  repeated: FormerOwner[][];
  /** Connections that dynamic resources or resources of the plugin already manage. */
  alreadyMoved: ManagedConnection[];
}

/** Groups the connections of the state of `--from` by whether they can move. */
function groupFormerConnections({ connections }: ManagedConnections): FormerConnections {
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

/** The maximum length of a key of `for_each` in a resource name, in characters. */
const MAX_KEY_LENGTH = 60;

/**
 * Matches the parts of a Terraform address that identify an instance: the names of modules and of the resource, and the keys of `for_each`
 * or indices of `count`.
 */
const PART = /(?:^|\.)(?:module|datadog_org_connection)\.(?<name>[^.[]+)|\[(?<key>\d+|"(?:[^"\\]|\\.)*")\]/gu;

/**
 * Returns the name for a resource that moves to a new program: its former name in Pulumi, or a name derived from its address in Terraform.
 * `module.teams["a"].datadog_org_connection.each["hub"]` becomes `teams-a-each-hub`. The result is not always unique.
 */
export function getFormerName({ tool, name, address }: ResourceRef): string {
  if (tool !== "terraform") return name;
  const parts = [...address.matchAll(PART)].map(({ groups }) =>
    groups?.["name"] === undefined ? toNamePart(groups?.["key"] ?? "") : groups["name"],
  );
  return parts.filter((part) => part !== "").join("-") || "connection";
}

const keySchema = v.pipe(v.string(), v.parseJson(), v.union([v.string(), v.number()]));

/** Converts a key of an instance to a part of a name: shortened, and without characters with a special meaning in a URN or a shell. */
function toNamePart(key: string): string {
  const parsed = v.safeParse(keySchema, key);
  const plain = String(parsed.success ? parsed.output : key)
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, "-")
    .replace(/^-+/, "");
  return Array.from(plain).slice(0, MAX_KEY_LENGTH).join("").replace(/-+$/, "");
}
