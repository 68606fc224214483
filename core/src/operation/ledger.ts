import type { Connection } from "../api/parse.js";
import type { OrganizationNames } from "../credentials/organization-names.js";
import { formatOrganizationLabel } from "../credentials/resolve.js";
import { formatPairKey, ProgramDeclarations, type ResourcePairs } from "./program-declarations.js";

/**
 * How likely it is that resources have moved to this provider from a provider with other credentials. If so, an unchanged `source` may
 * refer to another organization than in the state. A possible move may also be an upgrade, which needs no credentials.
 */
export type ProviderMove = "none" | "possible" | "probable";

type Source = string | undefined;

/** Which of the program's resources manages a connection. */
type Manager = "another resource" | "a set";

/**
 * What the resources of one engine operation have declared and done so far, and what follows from it: which connections must not be
 * deleted, and which existing connections are still to be reported. In the plugin, these are the resources of one provider instance.
 */
export class OperationLedger {
  /** The resources that the program has declared. Empty if the host's check does not receive URNs. */
  readonly declarations: ProgramDeclarations;
  private readonly sources = new Set<Source>();
  /**
   * The pairs of this program's resources. `isOwn`: whether the pair's existing connection may belong to a resource of this program, so
   * that the preview checks do not report it.
   */
  private readonly pairs = new Map<string, { isOwn: boolean }>();
  private readonly adoptions = new Map<string, Connection>();
  private readonly otherPairs = new Map<Source, readonly ResourcePairs[]>();
  /** Why a connection must not be deleted in this operation, by ID. */
  private readonly retained = new Map<string, string>();
  private readonly deletedIds = new Set<string>();
  private readonly claimants = new Map<string, string>();
  private readonly managers = new Map<string, { urns: Set<string>; reason: string }>();
  /** The URNs of the resources that were checked without old inputs after their last diff. */
  private readonly replacedUrns = new Set<string>();
  private hasChanges = false;
  private mayOthersDelete = false;
  private move: ProviderMove = "none";

  constructor(names: OrganizationNames) {
    this.declarations = new ProgramDeclarations(names);
  }

  /**
   * Whether the engine has already requested a create, an update or a delete that is not part of a preview. Check and diff have no
   * other way to detect that this operation is not a preview.
   */
  get hasStartedChanges(): boolean {
    return this.hasChanges;
  }

  startChanges(): void {
    this.hasChanges = true;
  }

  /** Whether check has found the source in the new inputs of this program's resources. */
  isDeclaredSource(source: Source): boolean {
    return this.sources.has(source);
  }

  declareSource(source: Source): void {
    this.sources.add(source);
  }

  /** How likely it is that resources have moved to this provider. */
  get providerMove(): ProviderMove {
    return this.move;
  }

  recordProviderMove(move: ProviderMove): void {
    if (move !== "none" && this.move !== "probable") this.move = move;
  }

  /**
   * Whether an adoption needs a new listing, because another provider may have deleted the existing connection in this operation.
   */
  get needsNewListingToAdopt(): boolean {
    return this.mayOthersDelete;
  }

  expectDeletionsByOthers(): void {
    this.mayOthersDelete = true;
  }

  /** Declares a pair of old inputs: its connection may still exist when another resource declares the pair. */
  declareOldPair(source: Source, sinkOrgId: string): void {
    this.declarePair(source, sinkOrgId, true);
  }

  /**
   * Declares a pair of new inputs that have passed the preview checks. If `source` is new and the destination is unchanged, `source`
   * may be another organization, whose existing connection the preview checks have not reported. If so, diff replaces the resource.
   * Check then runs again without old inputs, and reports an existing connection or declares the pair.
   *
   * @param before - the old inputs, if they have this destination
   */
  declareCheckedPair(source: Source, sinkOrgId: string, before: { source?: Source } | undefined): void {
    this.declarePair(source, sinkOrgId, before === undefined || before.source === source);
  }

  /**
   * Declares a destination that is new for a set.
   *
   * @param options - `hasDiff`: whether diff follows, which reports an existing connection
   */
  declareNewPairOfSet(source: Source, sinkOrgId: string, { hasDiff }: { hasDiff: boolean }): void {
    this.declarePair(source, sinkOrgId, !hasDiff);
  }

  private declarePair(source: Source, sinkOrgId: string, isOwn: boolean): void {
    const key = formatPairKey(source, sinkOrgId);
    this.pairs.set(key, { isOwn: isOwn || this.pairs.get(key)?.isOwn === true });
  }

  /** Whether the program declares a pair. A refresh also runs diff for resources that the program no longer declares. */
  isDeclared(source: Source, sinkOrgId: string): boolean {
    return this.pairs.has(formatPairKey(source, sinkOrgId));
  }

  /**
   * Whether the preview checks of a new pair must report its existing connection. Otherwise, an earlier check of the same resource has
   * done so, or the connection may belong to another resource of this program.
   */
  mustReportExisting(source: Source, sinkOrgId: string): boolean {
    return this.pairs.get(formatPairKey(source, sinkOrgId))?.isOwn !== true;
  }

  /**
   * Whether the diff of a set must report an existing connection to a declared destination that is not a member.
   *
   * @param options - `isUndeclared`: whether the state has the connection as undeclared. Check, which gets the state's connections as
   *   the old inputs after a refresh, takes it for one of the set. So it is reported until the changes start: the update itself
   *   adopts or refuses it
   */
  mustReportExistingOfSet(
    source: Source,
    sinkOrgId: string,
    { isUndeclared }: { isUndeclared: boolean },
  ): boolean {
    // A refresh runs diff without check, so no pair is declared.
    const pair = this.pairs.get(formatPairKey(source, sinkOrgId));
    if (!pair || this.findAdoption(source, sinkOrgId)) return false;
    return (isUndeclared && !this.hasStartedChanges) || !pair.isOwn;
  }

  /**
   * Records that a resource moves to a provider of another organization. An existing connection belongs to that organization, not to
   * this resource, so the check of the replacement reports it, unless check has already reported its adoption. With a new `source`,
   * {@link declareCheckedPair} has seen to it.
   *
   * @param olds - the state
   */
  recordMove(olds: { source?: Source }, source: Source, sinkOrgIds: readonly string[]): void {
    if (source !== olds.source) return;
    for (const sinkOrgId of sinkOrgIds) {
      const pair = this.pairs.get(formatPairKey(source, sinkOrgId));
      if (pair && !this.findAdoption(source, sinkOrgId)) pair.isOwn = false;
    }
  }

  /** Records that the preview checks have reported the adoption of an existing connection. */
  expectAdoption(source: Source, sinkOrgId: string, existing: Connection): void {
    this.adoptions.set(formatPairKey(source, sinkOrgId), existing);
  }

  /** Finds the existing connection that will be adopted, according to the preview checks. */
  findAdoption(source: Source, sinkOrgId: string): Connection | undefined {
    return this.adoptions.get(formatPairKey(source, sinkOrgId));
  }

  /**
   * Runs an adoption. Meanwhile, and after it succeeds, the connection is retained: otherwise, a rename, a swap of two destinations or
   * a forced replacement would delete a declared connection.
   */
  async adopt<T>(connectionId: string, work: () => Promise<T>): Promise<T> {
    const before = this.retained.get(connectionId);
    // The warning of a resource that wants to delete the connection contains this reason. For that resource, the adopting resource is
    // "another resource".
    this.retained.set(connectionId, "this operation adopted it for another resource");
    try {
      return await work();
    } catch (error) {
      if (before === undefined) this.retained.delete(connectionId);
      else this.retained.set(connectionId, before);
      throw error;
    }
  }

  /** Runs a deletion. Meanwhile, and after it succeeds, the connection counts as deleted, and is not adopted. */
  async delete(connectionId: string, work: () => Promise<void>): Promise<void> {
    this.deletedIds.add(connectionId);
    try {
      await work();
    } catch (error) {
      this.deletedIds.delete(connectionId);
      throw error;
    }
  }

  /** Whether this operation is deleting or has deleted a connection. */
  isDeleted(connectionId: string): boolean {
    return this.deletedIds.has(connectionId);
  }

  /**
   * Records that a resource of the program manages a connection according to diff, and does not replace it. So another resource with
   * this connection in its state must not delete it.
   */
  retain(connectionId: string, source: Source, manager: Manager): void {
    this.retained.set(connectionId, `${manager} of this program manages it`);
    this.claim(connectionId, source);
  }

  /**
   * Explains why a connection must not be deleted: it was adopted, or another resource manages it. Returns undefined if it may be
   * deleted. With `--target`, the engine shows only the targeted resources, so only their connections are known.
   */
  explainRetention(connectionId: string): string | undefined {
    return this.retained.get(connectionId);
  }

  /**
   * Records that a resource of this operation manages or declares a connection. An exclusive set then does not treat the connection
   * as undeclared, even if the set uses another name for the same organization.
   */
  claim(connectionId: string, source: Source): void {
    this.claimants.set(connectionId.toLowerCase(), `a resource of ${formatOrganizationLabel(source)}`);
  }

  /** Finds the resource that claims a connection, formatted for messages: `a resource of organization "payments"`. */
  findClaimant(connectionId: string): string | undefined {
    return this.claimants.get(connectionId.toLowerCase());
  }

  /** Sets the pairs of the program's other resources, for an exclusive set of `source`. */
  setOtherPairs(source: Source, pairs: readonly ResourcePairs[]): void {
    this.otherPairs.set(source, pairs);
  }

  /**
   * Lists the pairs of the resources that may have the organization of `source`, for an exclusive set. In the plugin, the list also
   * contains the pairs of that set.
   */
  listPairs(source: Source): readonly ResourcePairs[] {
    return [...(this.otherPairs.get(source) ?? []), ...this.declarations.listPairs(source)];
  }

  /**
   * Records a check in the plugin. If the engine replaces a resource after diff, it checks the resource again, without the old inputs
   * (pulumi/pulumi, pkg/resource/deploy/step_generator.go). The first check of a new resource has none either, but there is nothing to
   * release.
   */
  recordCheck(urn: string, olds: object): void {
    if (Object.keys(olds).length === 0) this.replacedUrns.add(urn);
  }

  /** Records in the plugin that diff has compared a resource. Unless it must be replaced, diff has retained its connections. */
  recordDiff(urn: string, connectionIds: readonly string[]): void {
    this.replacedUrns.delete(urn);
    for (const id of connectionIds) {
      const reason = this.retained.get(id);
      if (reason === undefined) continue;
      const urns = this.managers.get(id)?.urns ?? new Set();
      this.managers.set(id, { urns: urns.add(urn), reason });
    }
  }

  /**
   * Releases the connections of a resource that the engine replaces, unless another resource manages or has adopted them. The option
   * `replaceOnChanges` turns an update into a replacement, which diff cannot know. An interrupted replacement leaves a deletion with
   * the same URN. It may even have the ID of the connection that the new resource has adopted. So the connections of a resource that is
   * not being replaced stay retained.
   */
  release(urn: string, connectionIds: readonly string[]): void {
    if (!this.replacedUrns.has(urn)) return;
    for (const id of connectionIds) {
      const manager = this.managers.get(id);
      if (!manager?.urns.delete(urn) || manager.urns.size > 0) continue;
      // An adoption in the meantime has set another reason.
      if (this.retained.get(id) === manager.reason) this.retained.delete(id);
    }
  }
}
