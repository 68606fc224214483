import type { PluginContext } from "../plugin-context.js";

/**
 * The resources that manage each connection, according to diff, which retains the connection for them. The option `replaceOnChanges`
 * turns an update into a replacement, which diff cannot know. So if the engine then deletes the connection for the only resource that
 * manages it, the connection is no longer retained.
 */
export class ManagedConnections {
  private readonly urnsById = new Map<string, Set<string>>();
  private readonly reasons = new Map<string, string>();

  constructor(private readonly context: PluginContext) {}

  /** Records that diff has retained connections for a resource. */
  add(urn: string, ids: readonly string[]): void {
    for (const id of ids) {
      const reason = this.context.retainedIds.get(id);
      if (reason === undefined) continue;
      this.reasons.set(id, reason);
      this.urnsById.set(id, (this.urnsById.get(id) ?? new Set()).add(urn));
    }
  }

  /** Releases the connections of a resource that the engine deletes, unless another resource manages or has adopted them. */
  release(urn: string, ids: readonly string[]): void {
    for (const id of ids) {
      const urns = this.urnsById.get(id);
      if (!urns?.delete(urn) || urns.size > 0) continue;
      // An adoption in the meantime has set another reason.
      if (this.context.retainedIds.get(id) === this.reasons.get(id)) this.context.retainedIds.delete(id);
    }
  }
}
