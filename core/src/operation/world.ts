import type { Session } from "./session.js";
import type { OtherPairs } from "./other-pairs.js";

/** What the lifecycle needs from the host that runs it. */
export interface World {
  /**
   * The session of an organization, the same for the same keys during one operation. Throws when there are no keys
   * for the name; makes no request.
   */
  session(source: string | undefined): Session;
  /**
   * Why an id must not be deleted in this operation, by id: it was taken over, or another resource holds it. Without
   * this a rename, a swap of two sinks and a forced replacement would each end sharing that the program declares. It
   * knows only the resources that the engine has shown so far: with `--target` the others are never shown.
   */
  readonly kept: Map<string, string>;
  /** Ids that this operation is deleting or has deleted: never taken over. */
  readonly ended: Set<string>;
  /**
   * Pairs that resources of this program hold or declare, as check has seen them, by {@link pairKey}. That such a pair
   * exists is no surprise; and only what is declared is kept, since a refresh asks for the difference of resources that
   * the program no longer has.
   */
  readonly held: Set<string>;
  /**
   * Who holds or declares an id, by id in lower case, as far as this operation has read, created, adopted or compared
   * it: an exclusive set does not treat it as undeclared.
   */
  readonly claimedIds: Map<string, string>;
  /** By the source of an exclusive set: what other resources of the program declare, as its last check was told. */
  readonly otherPairs: Map<string | undefined, readonly OtherPairs[]>;
  /** Whether this run takes existing pairs over, whatever the program says: `DATADOG_ORG_CONNECTIONS_ADOPT=true`. */
  adoptAll(): boolean;
  /** Shows a line to the user, without failing. */
  warn(message: string): void;
  /** Whether check may look at the API and the keys: `datadog-org-connections:checks`. */
  checks(): "online" | "offline";
}

/** A pair as the program names it: the source by its name, since check knows no more. */
export function pairKey(source: string | undefined, sinkOrgId: string): string {
  return JSON.stringify([source ?? null, sinkOrgId]);
}
