import {
  defaultOrganization,
  namedOrganizations,
  type ConfigReader,
} from "datadog-org-connections-core/credentials/settings.js";
import type { Types } from "../stack/resource-state.js";
import type { StateResource } from "../stack/state.js";
import type { Creator } from "./change.js";
import { heldBy, sourceOf, type Held } from "./held.js";
import type { Organization, Pair, Sharing } from "./sharing.js";

/** A connection that a look-up has found live, or that the state holds. */
export interface LiveConnection extends Types {
  id: string;
  createdAt?: string | undefined;
  createdBy?: Creator | undefined;
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
    if (id !== undefined) setOnce(this.users, id, { id, name, serviceAccount });
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
  isLive(id: string, { source, sink }: Pair): boolean | undefined {
    if (this.liveIds.has(id.toLowerCase())) return true;
    const isListed = [source, sink].some((end) => end.id !== undefined && this.listed.has(end.id));
    return isListed ? false : undefined;
  }

  /** A connection that is live. */
  connection({
    sourceOrgId,
    sinkOrgId,
    ...one
  }: LiveConnection & { sourceOrgId: string; sinkOrgId: string }): void {
    this.connectionId(one.id);
    this.live.set(pair(sourceOrgId, sinkOrgId), one);
  }

  /** All that is known of an organization. */
  organization(one: Organization): Organization {
    const isSource = one.alias !== undefined || one.isDefault === true;
    const id = one.id ?? (isSource ? this.sources.get(one.alias ?? "") : undefined);
    if (id === undefined) return one;
    // A look-up is newer than a state.
    const known = { ...one, id, name: this.names.get(id) ?? one.name };
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
    return { ...known, id, name: name ?? known?.name };
  }

  /** The live connection of a pair. */
  liveOf({ source, sink }: Pair): LiveConnection | undefined {
    return source.id === undefined || sink.id === undefined
      ? undefined
      : this.live.get(pair(source.id, sink.id));
  }
}

/** A connection that the state holds, in the form of one that is live. */
export const liveOf = ({ id, createdAt, createdBy, sharing }: Held): LiveConnection => ({
  id,
  connectionTypes: sharing.connectionTypes,
  openTypes: sharing.openTypes,
  createdAt,
  createdBy: createdBy === undefined ? undefined : { id: createdBy },
});

const pair = (source: string, sink: string): string => `${source} ${sink}`;

function setOnce<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value);
}

/**
 * What the stack's configuration tells of organizations: the `id`s that stand there. A configuration that is not of its
 * form tells nothing; the program says so itself.
 */
export function knowConfiguration(known: Known, config: ConfigReader): void {
  const ids = attempt(() => [...namedOrganizations(config)]) ?? [];
  for (const [alias, { id }] of ids) known.source(alias, id);
  known.source(
    undefined,
    attempt(() => defaultOrganization(config).id),
  );
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** What a resource in a state tells of organizations. */
export function knowResource(known: Known, { urn, state }: StateResource): void {
  const { id, name, alias, isDefault } = sourceOf(state.outputs);
  known.name(id, name);
  if (alias !== undefined || isDefault === true) known.source(alias, id);
  for (const { sharing } of heldBy(urn, state).connections) known.name(sharing.sink.id, sharing.sink.name);
}
