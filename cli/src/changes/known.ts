import { definedOnly } from "datadog-org-connections-core/connection/records.js";
import type { Creator, Organization, Sharing } from "./change.js";
import type { Held } from "./held.js";

/** A connection that a look-up has found live, or that the state holds. */
export interface LiveConnection {
  id: string;
  sourceOrgId: string;
  sinkOrgId: string;
  connectionTypes: string[];
  /** The state does not tell its types. */
  isTypesUntold?: true;
  createdAt?: string;
  createdBy?: Creator;
}

/** What is known of organizations and connections besides a step's own properties. */
export class Known {
  private readonly names = new Map<string, string>();
  private readonly aliases = new Map<string, string>();
  private readonly sources = new Map<string, string>();
  private readonly users = new Map<string, Creator>();
  private readonly live = new Map<string, LiveConnection>();
  private readonly liveIds = new Set<string>();
  private readonly listed = new Set<string>();

  /** @param isLookedUp - whether Datadog was asked */
  constructor(readonly isLookedUp = false) {}

  /** An organization's name at Datadog. What is said first counts. */
  name(id: string | undefined, name: string | undefined): void {
    if (id !== undefined && name !== undefined && name.trim() !== "")
      setOnce(this.names, id.toLowerCase(), name);
  }

  /** Which organization a source is; no alias means the default one. */
  source(alias: string | undefined, id: string | undefined): void {
    if (id === undefined) return;
    setOnce(this.sources, alias ?? "", id.toLowerCase());
    if (alias !== undefined) setOnce(this.aliases, id.toLowerCase(), alias);
  }

  /** A user, by UUID. */
  user({ id, name, serviceAccount }: Creator): void {
    if (id !== undefined) setOnce(this.users, id, definedOnly<Creator>({ id, name, serviceAccount }));
  }

  /** The id of a connection that is live, whatever is known of its ends. */
  connectionId(id: string): void {
    this.liveIds.add(id.toLowerCase());
  }

  /** All connections of an organization are known by now, by keys that are proven to be its own. */
  listing(organizationId: string): void {
    this.listed.add(organizationId.toLowerCase());
  }

  /** Whether a connection is live; `undefined`: neither of its organizations was asked. */
  isLive(id: string, { source, sink }: Sharing): boolean | undefined {
    if (this.liveIds.has(id.toLowerCase())) return true;
    const isListed = [source, sink].some((end) => end.id !== undefined && this.listed.has(end.id));
    return isListed ? false : undefined;
  }

  /** A connection that is live. */
  connection(one: LiveConnection): void {
    this.connectionId(one.id);
    this.live.set(pair(one.sourceOrgId, one.sinkOrgId), one);
  }

  /** All that is known of an organization. */
  organization(one: Organization): Organization {
    const isSource = one.alias !== undefined || one.isDefault === true;
    const id = one.id ?? (isSource ? this.sources.get(one.alias ?? "") : undefined);
    if (id === undefined) return one;
    // A look-up is newer than a state.
    const name = this.names.get(id) ?? one.name;
    const known = { ...one, id, ...(name !== undefined && { name }) };
    const alias = this.aliases.get(id);
    return one.alias !== undefined || alias === undefined ? known : { ...known, alias, isAliasById: true };
  }

  /** What is shared, with all that is known of its two ends. */
  sharing(one: Sharing): Sharing {
    return { ...one, source: this.organization(one.source), sink: this.organization(one.sink) };
  }

  /** A user with all that is known of him. */
  creator({ id, name }: Creator): Creator | undefined {
    if (id === undefined && name === undefined) return undefined;
    const known = id === undefined ? undefined : this.users.get(id);
    return definedOnly<Creator>({ ...known, id, name: name ?? known?.name });
  }

  /** The live connection of a pair. */
  liveOf({ source, sink }: Sharing): LiveConnection | undefined {
    return source.id === undefined || sink.id === undefined
      ? undefined
      : this.live.get(pair(source.id, sink.id));
  }
}

/** A connection that the state holds, in the form of one that is live. */
export function liveOf(
  { id, createdAt, createdBy }: Held,
  { source, sink, connectionTypes, openTypes }: Sharing,
): LiveConnection {
  return definedOnly<LiveConnection>({
    id,
    sourceOrgId: source.id ?? "",
    sinkOrgId: sink.id ?? "",
    connectionTypes,
    isTypesUntold: openTypes === "not-told" ? (true as const) : undefined,
    createdAt,
    createdBy: createdBy === undefined ? undefined : { id: createdBy },
  });
}

const pair = (source: string, sink: string): string => `${source} ${sink}`;

function setOnce<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value);
}
