import type { PluginContext } from "../plugin-context.js";

/**
 * The resources that manage each connection, according to diff, which retains the connection for them. The option `replaceOnChanges`
 * turns an update into a replacement, which diff cannot know. So if the engine then deletes the connection for the only resource that
 * manages it, the connection is no longer retained.
 */
export class ManagedConnections {
  private readonly urnsById = new Map<string, Set<string>>();
  private readonly reasons = new Map<string, string>();
  /** Resources that were checked without old inputs after their last diff. */
  private readonly replaced = new Set<string>();

  constructor(private readonly context: PluginContext) {}

  /** Records that diff has compared a resource. Unless it must be replaced, diff has retained its connections. */
  recordDiff(urn: string, ids: readonly string[]): void {
    this.replaced.delete(urn);
    for (const id of ids) {
      const reason = this.context.retainedIds.get(id);
      if (reason === undefined) continue;
      this.reasons.set(id, reason);
      this.urnsById.set(id, (this.urnsById.get(id) ?? new Set()).add(urn));
    }
  }

  /**
   * Records a check. If the engine replaces a resource after diff, it checks the resource again, without the old inputs
   * (pulumi/pulumi, pkg/resource/deploy/step_generator.go). The first check of a new resource has none either, but there is nothing to
   * release.
   */
  recordCheck(urn: string, olds: object): void {
    if (Object.keys(olds).length === 0) this.replaced.add(urn);
  }

  /**
   * Releases the connections of a resource that the engine replaces, unless another resource manages or has adopted them. An
   * interrupted replacement leaves a deletion with the same URN. It may even have the ID of the connection that the new resource has
   * adopted. So the connections of a resource that is not being replaced stay retained.
   */
  release(urn: string, ids: readonly string[]): void {
    if (!this.replaced.has(urn)) return;
    for (const id of ids) {
      const urns = this.urnsById.get(id);
      if (!urns?.delete(urn) || urns.size > 0) continue;
      // An adoption in the meantime has set another reason.
      if (this.context.retainedIds.get(id) === this.reasons.get(id)) this.context.retainedIds.delete(id);
    }
  }
}
