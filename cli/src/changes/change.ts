import { keyOf, type Sharing } from "./sharing.js";

/** Every kind of change, in the order of its weight. */
export const changeKinds = [
  /** The connection ends, and nothing takes its place. */
  "delete",
  /** The connection ends, and another one is made: with a new id and a new creator. */
  "replace",
  /** What is live differs from what the state says, and the program sets it back. Seen by a preview with `--refresh`. */
  "drift",
  /** The types of a connection change. */
  "update",
  /** A connection is made. */
  "create",
  /** A connection that is live already is taken over. */
  "adopt",
  /** The stack gives the connection up without ending it (the resource option `retainOnDelete`). */
  "release",
  /** Nothing that is shared changes: a reason, a name, a protection. */
  "record",
] as const;

export type ChangeKind = (typeof changeKinds)[number];

/** A property that changes without a request to Datadog. */
export interface RecordedChange {
  property: "reason" | "source" | "adopt" | "protect" | "exclusive" | "connectionTypes";
  /** None: not set. */
  before?: string | boolean | undefined;
  after?: string | boolean | undefined;
}

/** Who made a connection. */
export interface Creator {
  /** UUID of the user. */
  id?: string | undefined;
  name?: string | undefined;
  /** Whether it is a service account's; only a look-up tells. */
  serviceAccount?: boolean | undefined;
}

/** What one run of `pulumi up` would do to one connection, be it a resource of its own or a member of a set. */
export interface Change {
  kind: ChangeKind;
  /** URN of the resource, of a member: of its set. */
  urn: string;
  /** Its name in the program. */
  resource: string;
  form: "single" | "set";
  /** What is shared now; none when nothing is. */
  before?: Sharing | undefined;
  /** What is shared afterwards; none when nothing is. */
  after?: Sharing | undefined;
  /** Types that the destination of `after` newly sees. Sorted. */
  gained: readonly string[];
  /** Types that the destination of `before` no longer sees. Sorted. */
  lost: readonly string[];
  /** UUID of the connection that is live now: changed, ended, replaced or taken over. */
  connectionId?: string | undefined;
  /** RFC 3339, of that connection. */
  createdAt?: string | undefined;
  /** Who made that connection. */
  createdBy?: Creator | undefined;
  /** As the program gives it; for one that ends, as the state has it. */
  reason?: string | undefined;
  /** Whether Pulumi refuses to delete it, once this is done. */
  protect: boolean;
  /** Whether the program takes over a connection of this pair that exists already. */
  adopt: boolean;
  /** `replace`: of the same pair there is a time in which nothing is shared. */
  gap?: boolean | undefined;
  /** `replace`: whether the old one is ended before the new one is made. */
  deleteFirst?: boolean | undefined;
  /** `drift`: what somebody did to the connection. With `update`: they did so too. */
  drift?: { gone: boolean; added: string[]; removed: string[] } | undefined;
  /** `adopt`: the resource that gives the connection up to this one. */
  takenFrom?: string | undefined;
  /** `adopt`: that resource ends the connection in its own turn, which may come first: then it is made anew. */
  isRace?: true | undefined;
  /**
   * The pair is connected already, and is not to be adopted: Datadog will refuse. The resource that holds it, if any. With
   * `isRace` that resource deletes the connection in its own turn, which may come first: then nothing is refused. `lost` are
   * the types that end in a run in which every create adopts (DATADOG_ORG_CONNECTIONS_ADOPT).
   */
  collision?:
    | {
        connectionId: string;
        resource?: string | undefined;
        isRace?: true | undefined;
        lost?: readonly string[] | undefined;
      }
    | undefined;
  /**
   * The preview says that an existing connection is adopted instead, and nothing confirms that: with these types, of which the
   * adoption would end `lost`.
   */
  announced?:
    { connectionId: string; connectionTypes: readonly string[]; lost: readonly string[] } | undefined;
  /**
   * `delete`, `replace`: other resources that hold this connection and keep it. Only a run with `--target` ends it then.
   */
  keptBy?: string[] | undefined;
  /** A set whose destinations the preview does not tell: it may stand for many connections, or none. */
  isOpen?: true | undefined;
  /** All that is known is the resource: what it shares now cannot be read, be it one connection or many. */
  isUnreadable?: true | undefined;
  /** `delete`: it was never declared: an exclusive set ends it. Or: an interrupted replacement has left it behind. */
  because?: "exclusive" | "leftover" | "view" | undefined;
  /** What changes without a request. */
  recorded: RecordedChange[];
}

/** Whether the change takes something away from a destination, makes a connection anew, or may do so. */
export function isDestructive(change: Change): boolean {
  const { kind, lost, before, after, isRace, announced, collision } = change;
  if (mayAdoptAny(change)) return true;
  if (kind === "delete" || kind === "replace" || lost.length > 0 || isRace === true) return true;
  // Nothing confirms it: that is no reason to expect less.
  if (collision?.lost !== undefined) return true;
  if (announced && (announced.lost.length > 0 || after?.openTypes === "not-told")) return true;
  if (!before || kind === "release" || kind === "record") return false;
  // Types that cannot be read, before or after, may be among those that end. Left to Datadog, they stay as they are.
  return (
    after?.openTypes === "not-told" || (before.openTypes === "not-told" && after?.openTypes === undefined)
  );
}

/**
 * Whether the change may adopt a connection of which nothing is known, since the preview does not show the pair: the types
 * that the program does not declare end then.
 */
export function mayAdoptAny({ kind, adopt, after }: Change): boolean {
  if (!adopt || !after || after.openTypes === "left-to-datadog") return false;
  const isKnown = keyOf(after.source) !== undefined && keyOf(after.sink) !== undefined;
  return (kind === "create" || kind === "replace") && !isKnown;
}

/** Whether the change shows a destination something it did not see, or may do so. */
export function isGain({ kind, gained, after, isRace }: Change): boolean {
  if (gained.length > 0) return true;
  // What is created after all gets the types that Datadog chooses.
  if (isRace === true && after?.openTypes !== undefined) return true;
  if (kind === "adopt" || kind === "drift") return after?.openTypes === "not-told";
  const makes = kind === "create" || kind === "replace" || kind === "update";
  return makes && after?.openTypes !== undefined;
}
