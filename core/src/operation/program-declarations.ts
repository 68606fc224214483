import type { OrgConnectionsError } from "../api/org-connections-error.js";
import type { OrganizationNames, Source } from "../credentials/organization-names.js";
import { createExclusiveConflictError, createSamePairError, type Declarer } from "./declaration-errors.js";
import { formatPairKey } from "./pair-key.js";
import type { ResourcePairs } from "./other-pairs.js";

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
 * The resources that the program declares in this operation, by their URN. Empty for a host (see core/src/index.ts) whose check
 * does not receive URNs. Check runs again for a replacement, so only the latest declaration of a resource counts. Resources that
 * exist only in the state are not included, so a renamed resource does not conflict with itself.
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
   * @param key - the URN of the resource
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

  /**
   * Lists the pairs of each resource whose source organization may be the organization of `source`. The list is for an
   * exclusive set of `source`, and also contains the pairs of that set.
   */
  listPairs(source: Source): ResourcePairs[] {
    return [...this.declarations.values()]
      .filter(
        (declaration) =>
          !(declaration.source && this.names.isDifferentOrganization(source, declaration.source.name)),
      )
      .map(({ resource, source: from, sinks }) => ({
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
