import { mayAdoptAny, type Change, type RecordedChange } from "../../changes/change.js";
import type { Sharing } from "../../changes/sharing.js";
import { called, listed, pairOf, phrase, typesListed, type Phrase } from "../../changes/phrase.js";
import { isSamePair } from "../../changes/sharing.js";
import { without } from "../../changes/sharing.js";

/** What a change does, in one sentence: who shares what with whom, before and after. */
export function sentenceOf(change: Change): Phrase {
  const sharing = change.before ?? change.after;
  if (change.isUnreadable === true || !sharing) return unreadableSentence(change);
  return [...pairOf(sharing), " ", ...doing(change), ...resourceOf(change), "."];
}

/** Of a resource of which only the name can be read. */
function unreadableSentence({ kind, resource, form, because }: Change): Phrase {
  const what = phrase`The ${form === "set" ? "set" : "resource"} ${{ code: resource }}`;
  if (kind === "release") {
    return phrase`${what} leaves this stack, and nothing is ended (${whyKept({ because })}). What it shares cannot be read, and nothing manages it any more.`;
  }
  if (because === "leftover") {
    return phrase`${what}: an interrupted replacement has left something behind, which is ended now. What that shares cannot be read, and may stop.`;
  }
  if (kind === "delete") return phrase`${what} is deleted. What it shares cannot be read, and may stop.`;
  if (kind === "replace")
    return phrase`${what} is replaced. What it shares now cannot be read, and may stop.`;
  return phrase`${what} is changed. What it shares now, besides what is told here, cannot be read, and may stop.`;
}

function doing(change: Change): Phrase {
  switch (change.kind) {
    case "delete":
      return phrase`stops sharing ${typesBefore(change)}: ${connectionOf(change)} is ended${whyEnded(change)}${keptBy(change)}`;
    case "replace":
      return replacing(change);
    case "drift":
      return drifting(change);
    case "update":
      return phrase`${moreAndLess(change)}${driftBesides(change)}${recordedBesides(change)}`;
    case "create":
      return phrase`begins to share ${typesOf(change.after)}${orTakesOver(change)}${reasonOf(change)}`;
    case "adopt":
      return adopting(change);
    case "release":
      return phrase`goes on sharing ${typesBefore(change)}, but leaves this stack: ${connectionOf(change)} is not ended (${whyKept(change)}), and nothing manages it any more`;
    case "record":
      return phrase`shares what it did: only ${recordedList(change.recorded)}`;
  }
}

function whyKept({ because }: { because?: Change["because"] | undefined }): Phrase {
  return because === "view"
    ? phrase`the program only reads it, by ${{ code: "OrgConnection.get" }}`
    : [{ code: "retainOnDelete" }];
}

function whyEnded({ because }: Change): string {
  if (because === "exclusive") return ", which the exclusive set does not declare";
  if (because === "view")
    return ", since the program only reads another one in its place (OrgConnection.get)";
  return because === "leftover" ? ", which an interrupted replacement has left behind" : "";
}

/** Another resource holds the connection, and keeps it. */
function keptBy({ keptBy: owners = [] }: Change): Phrase {
  if (owners.length === 0) return phrase``;
  const names = listed(owners.map((code) => ({ code })));
  return phrase`; but ${names} ${owners.length === 1 ? "holds" : "hold"} it too, so a run without ${{ code: "--target" }} leaves it alone`;
}

function replacing(change: Change): Phrase {
  const { before, after, deleteFirst } = change;
  const anew = phrase`${connectionOf(change)} is replaced by one with a new id and a new creator${keptBy(change)}`;
  if (!before || !after) return anew;
  if (isSamePair(before, after)) {
    const isLeft = after.openTypes === "left-to-datadog";
    const kept = isLeft ? before.connectionTypes : without(before.connectionTypes, change.lost);
    const more = isLeft
      ? phrase`, then shares what Datadog chooses`
      : change.gained.length + change.lost.length > 0
        ? phrase`, then ${moreAndLess(change)}`
        : phrase``;
    return phrase`stops sharing ${before.openTypes === "not-told" ? CANNOT_BE_READ : typesListed(kept)} for a while${more}: ${anew}, and between the two nothing is shared${orAnnounced(change)}`;
  }
  const order = deleteFirst === true ? "; the old one is ended first" : "; the new one is made first";
  const sink = { strong: called(after.sink) };
  const source = isSamePair(before, { ...after, sink: before.sink })
    ? phrase`with ${sink}`
    : phrase`from ${{ strong: called(after.source) }} to ${sink}`;
  return phrase`stops sharing ${typesBefore(change)}, and ${typesOf(after)} is shared ${source} instead: ${anew}${order}${orAnnounced(change)}${reasonOf(change)}`;
}

function drifting(change: Change): Phrase {
  const { drift } = change;
  if (drift?.gone === true) {
    return phrase`shares ${typesOf(change.after)} again: somebody has ended the connection, and it is made anew, with a new id and a new creator${change.collision ? orCollides(change.collision) : orAnnounced(change)}`;
  }
  const done = [
    ...(drift && drift.added.length > 0 ? [phrase`added ${typesListed(drift.added)}`] : []),
    ...(drift && drift.removed.length > 0 ? [phrase`took ${typesListed(drift.removed)} away`] : []),
  ];
  const what = done.flatMap((one, at) => (at === 0 ? one : [" and ", ...one]));
  return phrase`${moreAndLess(change)}: drift is undone, since somebody ${what} outside this program`;
}

function driftBesides({ drift }: Change): string {
  return drift ? " (somebody changed its types outside this program meanwhile)" : "";
}

function adopting(change: Change): Phrase {
  const from =
    change.takenFrom === undefined ? phrase`` : phrase` from the resource ${{ code: change.takenFrom }}`;
  const taken = phrase`${connectionOf(change)} is taken over${from}`;
  const { before, after, gained, lost } = change;
  const isUntold = after?.openTypes === "not-told" || (before?.openTypes === "not-told" && !after?.openTypes);
  const same = gained.length + lost.length === 0 && !isUntold;
  const does = same ? phrase`goes on sharing ${typesBefore(change)}` : moreAndLess(change);
  const race =
    change.isRace === true
      ? ", unless that ends it first: then sharing stops for a moment, and a new one is made with a new id and a new creator"
      : "";
  return phrase`${does}: ${taken}${race}${reasonOf(change)}`;
}

/** `loses … and gains …; goes on sharing …`. */
function moreAndLess(change: Change): Phrase {
  const { before, after, gained, lost } = change;
  if (before?.openTypes === "not-told" && after?.openTypes === undefined) {
    return phrase`shares ${CANNOT_BE_READ} now, and then ${typesOf(after)}`;
  }
  if (after?.openTypes === "not-told") {
    const known =
      after.connectionTypes.length > 0 ? phrase`${typesListed(after.connectionTypes)} and ` : phrase``;
    return phrase`shares ${typesBefore(change)} now, and then ${known}what the preview does not tell`;
  }
  const parts = [
    ...(lost.length > 0 ? [phrase`stops sharing ${typesListed(lost)}`] : []),
    ...(gained.length > 0 ? [phrase`begins to share ${typesListed(gained)}`] : []),
  ];
  const kept = without(after?.connectionTypes ?? [], gained);
  const rest = kept.length > 0 ? phrase`, and goes on sharing ${typesListed(kept)}` : phrase``;
  return [...parts.flatMap((one, at) => (at === 0 ? one : [" and ", ...one])), ...rest];
}

function orTakesOver(change: Change): Phrase {
  const { adopt, collision, announced } = change;
  if (announced) return orAnnounced(change);
  if (collision) return orCollides(collision);
  if (!adopt) return phrase``;
  const ends = mayAdoptAny(change) ? ", and then stops sharing whatever else that shares" : "";
  return phrase`, or takes over the connection of this pair if there is one${ends}`;
}

/** The pair is connected already. Only a run in which every create adopts goes on then. */
function orCollides({ connectionId, lost = [] }: NonNullable<Change["collision"]>): Phrase {
  const adopted =
    lost.length === 0
      ? phrase``
      : phrase`; a run with ${{ code: "DATADOG_ORG_CONNECTIONS_ADOPT=true" }} adopts it, and stops sharing ${typesListed(lost)}`;
  return phrase`, but connection ${{ code: connectionId }} has this pair already${adopted}`;
}

/** What the preview says of an adoption, and nothing confirms. */
function orAnnounced({ announced, after }: Change): Phrase {
  if (!announced) return phrase``;
  const { connectionId, connectionTypes, lost } = announced;
  const types = connectionTypes.length > 0 ? typesListed(connectionTypes) : ["nothing"];
  const ends =
    lost.length > 0
      ? phrase`, and would stop sharing ${typesListed(lost)}`
      : after?.openTypes === "not-told"
        ? phrase`, and may stop sharing some of it`
        : phrase``;
  return phrase`, or takes over connection ${{ code: connectionId }}, as the preview says and nothing confirms: that shares ${types}${ends}`;
}

function recordedBesides({ recorded }: Change): Phrase {
  return recorded.length === 0 ? phrase`` : phrase`; also ${recordedList(recorded)}`;
}

/** `its reason changes from … to …`. */
export function recordedList(recorded: readonly RecordedChange[]): Phrase {
  return recorded.flatMap(({ property, before, after }, at) => [
    ...(at === 0 ? [] : ["; "]),
    ...phrase`${{ code: property }} changes from ${value(before)} to ${value(after)}`,
  ]);
}

function value(one: string | boolean | undefined): Phrase {
  if (one === undefined) return ["nothing"];
  return typeof one === "boolean" ? [{ code: String(one) }] : ["“", { outside: one }, "”"];
}

/** What a state does not tell. */
const CANNOT_BE_READ: Phrase = ["what cannot be read"];

/** The types that are shared before a change. */
export const typesBefore = ({ before }: Change): Phrase =>
  before?.openTypes === "not-told" ? CANNOT_BE_READ : typesOf(before);

/** The types of a sharing as one reads them, whether they are known or not. */
export function typesOf(sharing: Sharing | undefined): Phrase {
  const types = sharing?.connectionTypes ?? [];
  if (sharing?.openTypes === "not-told") {
    return types.length === 0
      ? ["what the preview does not tell"]
      : phrase`${typesListed(types)} and what the preview does not tell`;
  }
  if (types.length > 0) return typesListed(types);
  return [sharing?.openTypes === "left-to-datadog" ? "what Datadog chooses" : "nothing known"];
}

function connectionOf({ connectionId, createdAt, createdBy }: Change): Phrase {
  if (connectionId === undefined) return ["the connection"];
  const by = createdBy?.name !== undefined ? { outside: createdBy.name } : { code: createdBy?.id ?? "" };
  const made = [
    ...(createdAt === undefined ? [] : [` on ${createdAt.slice(0, 10)}`]),
    ...(createdBy ? [" by ", by] : []),
  ];
  return phrase`connection ${{ code: connectionId }}${made.length === 0 ? phrase`` : phrase` (made${made})`}`;
}

function reasonOf({ reason }: Change): Phrase {
  return reason === undefined || reason === "" ? phrase`` : phrase` (reason: ${{ outside: reason }})`;
}

function resourceOf({ resource, form }: Change): Phrase {
  return phrase` — ${form === "set" ? "set" : "resource"} ${{ code: resource }}`;
}
