import * as v from "valibot";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import type { OrganizationNames, Source } from "../credentials/organization-names.js";
import { formatOrganizationLabel } from "../credentials/resolve.js";

/**
 * The name of an internal input. The constructor of an `OrgConnectionSet` that is or may be exclusive adds the input. The input
 * contains the pairs of the program's other resources, except resources that certainly belong to other organizations. The input is
 * not stored in the state.
 */
export const OTHER_PAIRS = "__otherPairs";

const otherPairsSchema = v.object({
  /** The resource, formatted for messages: `OrgConnection "hub"`. */
  resource: v.string(),
  /** The `source` of the resource: `null` for the default organization, omitted while unknown. */
  source: v.optional(v.nullable(v.string())),
  /** The UUIDs of the destinations; omitted while unknown. */
  sinks: v.optional(v.array(v.string())),
});

/** The pairs that one resource of the program declares. */
export type ResourcePairs = v.InferOutput<typeof otherPairsSchema>;

const inputSchema = v.pipe(v.string(), v.parseJson(), v.array(otherPairsSchema));

/** A resource of the program, and its `source`. */
interface Declarer {
  /** The resource, formatted for messages: `OrgConnection "hub"`. */
  resource: string;
  source: Source;
}

/** What a resource of the program declares, as far as its inputs are known. */
export interface Declaration {
  /** The resource, formatted for messages: `OrgConnection "hub"`. */
  resource: string;
  /** Missing while the source is unknown. */
  source?: { name: Source };
  /** The UUIDs of the destinations; missing while they are unknown. */
  sinks?: readonly string[];
  /** Whether the resource is a set that deletes undeclared connections. */
  isExclusive: boolean;
}

/**
 * The resources that a program declares, by their URN (in the plugin) or another key (in the process of the program). Check runs again
 * for a replacement, so only the latest declaration of a resource counts. Resources that exist only in the state are not included, so
 * a renamed resource does not conflict with itself.
 */
export class ProgramDeclarations {
  private readonly declarations = new Map<string, Declaration>();
  private readonly keysByPair = new Map<string, Set<string>>();
  private readonly exclusiveKeysBySource = new Map<Source, Set<string>>();
  private readonly keysBySource = new Map<Source, Set<string>>();

  constructor(private readonly names: OrganizationNames) {}

  /**
   * Declares a resource, and replaces its earlier declaration. Returns an error if the resource conflicts with another one.
   *
   * @param key - identifies the resource
   */
  declare(key: string, declaration: Declaration): OrgConnectionsError | undefined {
    this.changeIndexes(this.declarations.get(key), (keys) => keys.delete(key));
    this.declarations.set(key, declaration);
    this.changeIndexes(declaration, (keys) => keys.add(key));
    const { source, sinks = [] } = declaration;
    if (!source) return undefined;
    for (const sink of sinks) {
      const other = this.findOther(key, source.name, (name) =>
        this.keysByPair.get(formatPairKey(name, sink)),
      );
      if (other) return createSamePairError(other, this.describe(key, source.name, other), sink);
    }
    return this.findExclusiveConflict(key, source.name, declaration.isExclusive);
  }

  /** Lists the resources, in the order of their first declaration. */
  list(): Iterable<Declaration> {
    return this.declarations.values();
  }

  /**
   * Lists the pairs of each resource whose source organization may be the organization of `source`, for an exclusive set of `source`.
   *
   * @param except - the key of a resource to omit. @default none
   */
  listPairs(source: Source, except?: string): ResourcePairs[] {
    return [...this.declarations]
      .filter(
        ([key, declaration]) =>
          key !== except &&
          !(declaration.source && this.names.isDifferentOrganization(source, declaration.source.name)),
      )
      .map(([, { resource, source: from, sinks }]) => ({
        resource,
        ...(from && { source: from.name ?? null }),
        ...(sinks && { sinks: [...sinks] }),
      }));
  }

  /** Updates the indexes for one declaration. `change` adds or removes the key of the declaration. */
  private changeIndexes(declaration: Declaration | undefined, change: (keys: Set<string>) => unknown): void {
    if (!declaration?.source) return;
    const { source, sinks = [], isExclusive } = declaration;
    for (const sink of sinks) changeKeys(this.keysByPair, formatPairKey(source.name, sink), change);
    changeKeys(this.keysBySource, source.name, change);
    if (isExclusive) changeKeys(this.exclusiveKeysBySource, source.name, change);
  }

  /** Finds a conflict between an exclusive set and another resource of its organization, in any order of declaration. */
  private findExclusiveConflict(
    key: string,
    source: Source,
    isExclusive: boolean,
  ): OrgConnectionsError | undefined {
    const keys = isExclusive ? this.keysBySource : this.exclusiveKeysBySource;
    const other = this.findOther(key, source, (name) => keys.get(name));
    if (!other) return undefined;
    const own = this.describe(key, source, other);
    return isExclusive ? createExclusiveConflictError(own, other) : createExclusiveConflictError(other, own);
  }

  /** Finds a resource other than `key` that `getKeys` returns for any name of the source organization. */
  private findOther(
    key: string,
    source: Source,
    getKeys: (name: Source) => Iterable<string> | undefined,
  ): Declarer | undefined {
    for (const name of this.names.findEquivalentNames(source)) {
      for (const other of getKeys(name) ?? []) {
        if (other === key) continue;
        // Resources with different parents can have the same label.
        const isSameLabel = this.getLabel(key) === this.getLabel(other);
        return { resource: isSameLabel ? other : this.getLabel(other), source: name };
      }
    }
    return undefined;
  }

  /** Describes a resource for an error in the same way as {@link findOther} described `other`: by its key or by its label. */
  private describe(key: string, source: Source, other: Declarer): Declarer {
    const label = this.getLabel(key);
    return { resource: this.declarations.has(other.resource) ? key : label, source };
  }

  private getLabel(key: string): string {
    return this.declarations.get(key)?.resource ?? key;
  }
}

function changeKeys<K>(map: Map<K, Set<string>>, at: K, change: (keys: Set<string>) => unknown): void {
  const keys = map.get(at) ?? new Set();
  change(keys);
  map.set(at, keys);
}

/** Formats a pair as a key. The key contains the name of the source, because check does not know the UUID of the source organization. */
export function formatPairKey(source: string | undefined, sinkOrgId: string): string {
  return JSON.stringify([source ?? null, sinkOrgId]);
}

/** Parses the internal input of a set. Returns an empty list if the input is missing, unknown or invalid. */
export function parseOtherPairs(value: unknown): ResourcePairs[] {
  const parsed = v.safeParse(inputSchema, value);
  return parsed.success ? parsed.output : [];
}

/** Creates the error for two resources that declare the same pair. Their sources are equal, or refer to the same organization. */
function createSamePairError(first: Declarer, second: Declarer, sink: string): OrgConnectionsError {
  return new OrgConnectionsError("invalid-input", {
    happened:
      `${first.resource} and ${second.resource} declare the same pair: ${formatOrganizationLabel(second.source)} to ${sink}` +
      `${first.source === second.source ? "" : `, because ${formatSameOrganization(first.source, second.source)}`}.`,
    advice: "A pair can have only one connection. Declare all of its connectionTypes in one resource.",
  });
}

/** Creates the error for an exclusive set and another resource with the same source organization. */
function createExclusiveConflictError(set: Declarer, other: Declarer): OrgConnectionsError {
  return new OrgConnectionsError("invalid-input", {
    happened:
      `${set.resource} is exclusive and would delete what ${other.resource} declares, because ` +
      `${set.source === other.source ? `both have the same source, ${formatOrganizationLabel(set.source)}` : formatSameOrganization(set.source, other.source)}.`,
    advice: "Declare those connections in the set, or omit `exclusive`.",
  });
}

const formatSameOrganization = (a: Source, b: Source): string =>
  `${formatOrganizationLabel(a)} and ${formatOrganizationLabel(b)} are the same organization, according to their configured \`id\` or their credentials`;
