/** What a report says of each pair and type: what certainly begins or stops, and what may. */
import { ORG_OF, type SourceName } from "../histories/moves.js";
import type { Scene } from "../histories/scene.js";
import type { End, Report, ReportedChange, Sharing } from "./report.js";

/** What is not in a report, and decides what it can say. */
export interface Circumstances {
  /** Whether every create adopts. */
  adoptAll: boolean;
  /** Pairs that the preview does not check: see `uncheckedPairs` in moment.ts. */
  unchecked: ReadonlySet<string>;
}

/** One thing that a report says. What is left out stands for any: the report says that it does not know it. */
export interface Claim {
  says: "gained" | "lost";
  source: string | undefined;
  sink: string | undefined;
  type: string | undefined;
  /** Whether the report says that it happens, not that it may. */
  isCertain: boolean;
  change: ReportedChange;
}

/** The pair of a sharing, as far as the report names both ends. */
export function pairOf(scene: Scene, sharing: Sharing | undefined): string | undefined {
  if (!sharing) return undefined;
  const [source, sink] = [keyOf(scene, sharing.source), keyOf(scene, sharing.sink)];
  return source === undefined || sink === undefined ? undefined : `${source} → ${sink}`;
}

/** Whether a sharing is that of the pair, or may be, as far as the report names its ends. */
export function mayBeOf(scene: Scene, sharing: Sharing | undefined, pair: string): boolean {
  if (!sharing) return false;
  const { source, sink } = endsOf(scene, sharing);
  const [from, to] = pair.split(" → ");
  return (source ?? from) === from && (sink ?? to) === to;
}

/** All that the report says. */
export const claimsOf = (scene: Scene, { changes }: Report, how: Circumstances): Claim[] =>
  changes.flatMap((change) => [
    ...gains(scene, change, how),
    ...losses(scene, change, how).map((claim) => ({
      ...claim,
      isCertain: claim.isCertain && !mayBeTaken(scene, change, changes, how),
    })),
  ]);

/**
 * Whether another change may adopt the connection that this one ends: it says that it adopts, and the preview does not say
 * which pair. Where all creates adopt (DATADOG_ORG_CONNECTIONS_ADOPT), the provider's notices inform the review, but there are
 * none for such a pair, and none for one that another resource of the program holds.
 */
export function mayBeTaken(
  scene: Scene,
  change: ReportedChange,
  changes: readonly ReportedChange[],
  how: Circumstances,
): boolean {
  const { before } = change;
  if (!before) return false;
  const ending = endsOf(scene, before);
  const isSame = (a: string | undefined, b: string | undefined) =>
    a === undefined || b === undefined || a === b;
  return changes.some((other) => {
    if (other === change || !other.after || !(other.adopt || how.adoptAll)) return false;
    const { source, sink } = endsOf(scene, other.after);
    const isOpen = !isKnown({ source, sink }) || other.collision !== undefined;
    return isOpen && isSame(source, ending.source) && isSame(sink, ending.sink);
  });
}

/** Whether a claim covers something that has happened. */
export function covers(claim: Claim, happened: Happened): boolean {
  const isSame = (said: string | undefined, is: string) => said === undefined || said === is;
  const [source = "", sink = ""] = happened.pair.split(" → ");
  return (
    claim.says === happened.what &&
    isSame(claim.source, source) &&
    isSame(claim.sink, sink) &&
    isSame(claim.type, happened.type)
  );
}

/** A type that a pair began or stopped to share. */
export interface Happened {
  what: "gained" | "lost";
  pair: string;
  type: string;
}

function gains(scene: Scene, change: ReportedChange, how: Circumstances): Claim[] {
  const { kind, before, after, gained, collision, announced, isRace } = change;
  if (!after || kind === "release") return [];
  const ends = endsOf(scene, after);
  // What the pair shares now may be among what the report counts as new: it says so itself.
  const isCertain =
    !collision &&
    !announced &&
    before?.openTypes === undefined &&
    isKnown(ends) &&
    !isUnchecked(scene, change, how);
  const claim = (type: string | undefined, certain: boolean): Claim => ({
    says: "gained",
    ...ends,
    type,
    isCertain: certain,
    change,
  });
  // Of a connection that stays, types left to Datadog stay as they are.
  const isMade = kind === "create" || kind === "replace" || kind === "drift" || isRace === true;
  const isOpen = after.openTypes === "not-told" || (after.openTypes === "left-to-datadog" && isMade);
  return [...gained.map((type) => claim(type, isCertain)), ...(isOpen ? [claim(undefined, false)] : [])];
}

function losses(scene: Scene, change: ReportedChange, how: Circumstances): Claim[] {
  const { kind, before, after, lost, announced, collision, keptBy, isRace, adopt } = change;
  // Another resource holds the connection: the report says that a run without `--target` leaves it alone.
  if (kind === "release" || keptBy) return [];
  const claim = (sharing: Sharing, type: string | undefined, isCertain: boolean): Claim => {
    const ends = endsOf(scene, sharing);
    return { says: "lost", ...ends, type, isCertain: isCertain && isKnown(ends), change };
  };
  const isAfterKnown = !after || isKnown(endsOf(scene, after));
  const isOpen =
    before?.openTypes === "not-told" ||
    after?.openTypes === "not-told" ||
    (isRace === true && after?.openTypes !== undefined);
  return [
    // What Datadog chooses for the new connection of a replacement may be what the old one shared.
    ...(before ? lost.map((type) => claim(before, type, isAfterKnown && !isLeftToDatadog(change))) : []),
    ...(before && isOpen && kind !== "record" ? [claim(before, undefined, false)] : []),
    ...(after && announced ? announced.lost.map((type) => claim(after, type, false)) : []),
    // It may adopt a pair that the preview does not show, or has not checked, and set its types.
    ...(after &&
    (adopt || how.adoptAll) &&
    (!isKnown(endsOf(scene, after)) || isUnchecked(scene, change, how))
      ? [claim(after, undefined, false)]
      : []),
    ...(after && collision?.lost ? collision.lost.map((type) => claim(after, type, false)) : []),
    ...(after && announced && isOpen ? [claim(after, undefined, false)] : []),
  ];
}

/** Whether the preview did not check if the pair exists. */
const isUnchecked = (scene: Scene, { after }: ReportedChange, { unchecked }: Circumstances): boolean =>
  unchecked.has(pairOf(scene, after) ?? "");

const isLeftToDatadog = ({ kind, after }: ReportedChange): boolean =>
  kind === "replace" && after?.openTypes === "left-to-datadog";

const endsOf = (scene: Scene, { source, sink }: Sharing) => ({
  source: keyOf(scene, source),
  sink: keyOf(scene, sink),
});

const isKnown = ({ source, sink }: { source: string | undefined; sink: string | undefined }): boolean =>
  source !== undefined && sink !== undefined;

/** The sandbox's key of an organization, by its UUID or by its name in the program. */
function keyOf(scene: Scene, { id, alias }: End): string | undefined {
  if (id !== undefined) return scene.key(id);
  return alias === undefined ? undefined : ORG_OF[alias as SourceName];
}
