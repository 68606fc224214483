/**
 * Compares what a report says with what the `up` has done.
 *
 * The rule. A preview with `--refresh`, or without drift, sees what is live: then everything that the report says happens,
 * and nothing else does. A preview without `--refresh` sees the state. Where that differs from what is live (`unseen`), the
 * report speaks of the state: what it says is shared afterward is so all the same, but a type of `unseen` may have begun
 * or stopped before. That excuses types of the very connections that the report says it changes, and no others.
 *
 * An `up` that fails may leave undone what the report says. It still does nothing that the report does not say.
 */
import type { Scene } from "../histories/scene.js";
import {
  claimsOf,
  covers,
  mayBeOf,
  mayBeTaken,
  pairOf,
  type Circumstances,
  type Claim,
  type Happened,
} from "./claims.js";
import { happenedBetween, type Moment } from "./moment.js";
import type { Report, ReportedChange } from "./report.js";

/** One `up`, and what the preview before it could know. */
export interface Applied extends Circumstances {
  before: Moment;
  after: Moment;
  /** Types by pair that the preview could not see. */
  unseen: ReadonlyMap<string, ReadonlySet<string>>;
  hasFailed: boolean;
  /** Pairs whose recorded connection a refresh finds gone. */
  gonePairs: ReadonlySet<string>;
}

/** What is wrong with the report; nothing when it is true. */
export function untruths(scene: Scene, report: Report, applied: Applied): string[] {
  const claims = claimsOf(scene, report, applied);
  const happened = happenedBetween(applied.before, applied.after);
  return [
    ...unsaid(scene, report, claims, happened, applied),
    ...(applied.hasFailed ? [] : untrue(scene, report, claims, applied)),
    ...outcomes(scene, report, happened, applied),
  ];
}

/** What happened, and the report does not say. */
function unsaid(
  scene: Scene,
  { changes }: Report,
  claims: readonly Claim[],
  happened: readonly Happened[],
  { unseen, hasFailed }: Applied,
): string[] {
  return happened.flatMap((one) => {
    if (claims.some((claim) => covers(claim, one))) return [];
    const touching = changes.filter(({ before, after }) =>
      [before, after].some((side) => mayBeOf(scene, side, one.pair)),
    );
    const types = unseen.get(one.pair) ?? new Set<string>();
    const isUnseen = types.has(one.type) && touching.some(isWritten);
    // What it was to adopt is gone, so it is created, with types that Datadog chooses.
    const isChosen =
      types.size > 0 && touching.some(({ kind, after }) => kind === "adopt" && after?.openTypes);
    // A run that stops between the end of a connection and its recreation: the report says that there is such a time.
    const isCut =
      hasFailed && one.what === "lost" && touching.some(({ kind, isRace }) => kind === "replace" || isRace);
    return isUnseen || isChosen || isCut ? [] : [`not said: ${one.pair} ${one.what} ${one.type}`];
  });
}

const isWritten = ({ kind }: ReportedChange): boolean => kind !== "record" && kind !== "release";

/** What the report says, and did not happen. */
function untrue(scene: Scene, { changes }: Report, claims: readonly Claim[], applied: Applied): string[] {
  const wrong = claims.filter(
    (claim) => claim.isCertain && !isTrue(claim, applied) && !isRecreated(claim, claims, applied),
  );
  return [
    ...wrong.map(
      ({ says, source, sink, type, change }) =>
        `did not happen: ${source} → ${sink} ${says} ${type} (${change.sentence})`,
    ),
    ...changes.flatMap((change) =>
      mayBeTaken(scene, change, changes, applied) ? [] : wrongEnd(scene, change, applied),
    ),
  ];
}

/** One change ends what another one creates: both are said, and the pair is shared before and after. */
function isRecreated(claim: Claim, claims: readonly Claim[], { before, after, unseen }: Applied): boolean {
  const { source, sink, type = "" } = claim;
  const pair = `${source} → ${sink}`;
  const [was, is] = [before.get(pair), after.get(pair)];
  const what = claim.says === "gained" ? "lost" : "gained";
  const isBoth = claims.some((other) => other.change !== claim.change && covers(other, { what, pair, type }));
  const wasShared = was?.types.includes(type) === true || unseen.get(pair)?.has(type) === true;
  return isBoth && was?.id !== is?.id && wasShared && is?.types.includes(type) === true;
}

function isTrue(
  { says, source, sink, type = "", change }: Claim,
  { before, after, unseen }: Applied,
): boolean {
  const pair = `${source} → ${sink}`;
  const [was, is] = [before.get(pair), after.get(pair)];
  const isUnseen = unseen.get(pair)?.has(type) === true;
  const wasShared = was?.types.includes(type) === true;
  const isShared = is?.types.includes(type) === true;
  if (says === "gained") return isShared && (!wasShared || isUnseen);
  // People have recreated the connection: the one of the report is gone, and theirs is left alone.
  if (isUnseen && is && is.id === was?.id && is.id !== change.connectionId) return true;
  return !isShared && (wasShared || isUnseen);
}

/** What the report says of the connection itself: whether it lives on, and what it shares in the end. */
function wrongEnd(
  scene: Scene,
  change: ReportedChange,
  { before, after, unseen, adoptAll, gonePairs }: Applied,
): string[] {
  const { kind, collision, connectionId: id, after: said, keptBy, isRace, sentence } = change;
  const wrong = (what: string) => [`${what}: ${sentence}`];
  const ids = (moment: Moment) => [...moment.values()].map((one) => one.id);
  const [wasLive, isLive] = [
    id !== undefined && ids(before).includes(id),
    id !== undefined && ids(after).includes(id),
  ];
  const pair = pairOf(scene, said);
  if (change.drift?.gone === true && !gonePairs.has(pair ?? "")) return wrong("was not gone");
  const isUnseen = (unseen.get(pair ?? "")?.size ?? 0) > 0;
  if (collision && collision.isRace !== true && !isUnseen && !adoptAll) return wrong("was to fail");
  const end = pair === undefined ? undefined : after.get(pair);
  if (kind === "delete" && isLive !== (keptBy !== undefined && wasLive)) return wrong("lives on or not");
  if (kind === "replace" && pair !== undefined && isLive !== (keptBy !== undefined && wasLive))
    return wrong("lives on or not");
  if (
    ["update", "adopt", "record", "release"].includes(kind) &&
    said?.openTypes !== "not-told" &&
    wasLive &&
    !isLive &&
    isRace !== true &&
    pair !== undefined
  )
    return wrong("has another id");
  if (!said || !isWritten(change) || pair === undefined || said.openTypes !== undefined) return [];
  const isSame = end && [...end.types].sort().join() === [...said.connectionTypes].sort().join();
  return isSame ? [] : wrong(`shares ${end?.types.join("+") ?? "nothing"} in the end`);
}

/** The outcome, which is the exit code: a job may pass on it alone. */
function outcomes(
  scene: Scene,
  { outcome, changes }: Report,
  happened: readonly Happened[],
  { unseen, adoptAll, unchecked }: Applied,
): string[] {
  const seen = happened.filter(({ pair, type }) => unseen.get(pair)?.has(type) !== true);
  if (outcome === "none" && seen.length > 0) return ["the outcome is none, and something changed"];
  // That every create of this run adopts is not in a preview: where it does not show a pair, nothing else can.
  const isHidden = changes.some(
    ({ after }) =>
      unchecked.has(pairOf(scene, after) ?? "") || (adoptAll && after && pairOf(scene, after) === undefined),
  );
  if (outcome === "changes" && !isHidden && seen.some(({ what }) => what === "lost"))
    return ["the outcome says that no sharing stops, and some did"];
  return [];
}
