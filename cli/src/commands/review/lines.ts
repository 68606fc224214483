import { isDestructive, isGain, type Change } from "../../changes/change.js";
import type { Organization } from "../../changes/sharing.js";
import { called, listed, pairOf, phrase, typesListed, type Phrase } from "../../changes/phrase.js";
import { isSamePair, keyOf } from "../../changes/sharing.js";
import { without } from "../../changes/sharing.js";
import { groupBy, named } from "./group.js";
import { recordedList, sentenceOf, typesBefore, typesOf } from "./sentences.js";

/** One line of a report, and how many changes it tells. */
export interface Line {
  sentence: Phrase;
  changes: Change[];
}

/** The lines of a report by its sections. */
export interface Lines {
  stops: Line[];
  begins: Line[];
  others: Line[];
}

/** One sentence for each change. What stops and begins in one stands where it stops, and is pointed to where it begins. */
export function linesOf(changes: readonly Change[]): Lines {
  const whole = (list: readonly Change[]): Line[] =>
    list.map((change) => ({ sentence: sentenceOf(change), changes: [change] }));
  const { stops, begins, others } = divided(changes);
  const pointed = stops
    .filter(isGain)
    .map((change): Line => ({ sentence: pointer(change), changes: [change] }));
  return {
    stops: whole(stops),
    begins: [...whole(begins), ...pointed],
    others: [...whole(others.single), ...setLines(others.sets)],
  };
}

/** One sentence for each source and what it shares, with the destinations by name. */
export function groupedLines(changes: readonly Change[], most: number): Lines {
  const { stops, begins, others } = divided(changes);
  return {
    stops: groupBy(stops, keyOfStop).map((own) => ({ sentence: stopped(own, most), changes: own })),
    begins: groupBy([...begins, ...stops.filter(isGain)], keyOfGain).map((own) => ({
      sentence: begun(own, most),
      changes: own,
    })),
    others: [
      ...groupBy(others.single, ({ kind }) => kind).map((own) => ({
        sentence: unchanged(own, most),
        changes: own,
      })),
      ...setLines(others.sets),
    ],
  };
}

/** Changes that are told in one line. */
type Group = readonly [Change, ...Change[]];

function divided(changes: readonly Change[]) {
  const stops = changes.filter(isDestructive);
  const begins = changes.filter((change) => !isDestructive(change) && isGain(change));
  const rest = changes.filter((change) => !isDestructive(change) && !isGain(change));
  const isOfSet = ({ kind, form }: Change) => kind === "record" && form === "set";
  return {
    stops,
    begins,
    others: { single: rest.filter((one) => !isOfSet(one)), sets: rest.filter(isOfSet) },
  };
}

function pointer(change: Change): Phrase {
  const { after, gained } = change;
  if (!after) return [];
  const types = gained.length > 0 ? typesListed(gained) : typesOf(after);
  return phrase`${pairOf(after)} begins to share ${types}: told above, at ${{ code: change.resource }}.`;
}

/** What a set records for all its members is one line. */
function setLines(changes: readonly Change[]): Line[] {
  return groupBy(changes, ({ urn }) => urn).map((own) => {
    const [first] = own;
    const source = called(first.after?.source ?? {});
    const count = own.length === 1 ? "one destination" : `${own.length} destinations`;
    return {
      sentence: phrase`${{ strong: source }} shares what it did with ${count} of the set ${{ code: first.resource }}: only ${recordedList(first.recorded)}.`,
      changes: own,
    };
  });
}

const keyOfStop = ({ kind, before, after, lost, because, isRace, isUnreadable, keptBy }: Change): string =>
  JSON.stringify([
    kind,
    isUnreadable,
    keptBy,
    before?.openTypes,
    before && keyOf(before.source),
    lost,
    because,
    isSamePair(before, after),
    after?.openTypes,
    isRace,
  ]);

const keyOfGain = ({ kind, after, gained, drift }: Change): string =>
  JSON.stringify([
    kind === "create" || kind === "replace",
    after && keyOf(after.source),
    gained,
    after?.openTypes,
    drift?.gone,
  ]);

const sourceOf = ([first]: Group): Phrase => {
  const source: Organization = (first.before ?? first.after)?.source ?? {};
  return [{ strong: called(source) }];
};
const sinksBefore = (own: readonly Change[]) => own.flatMap(({ before }) => (before ? [before.sink] : []));
const sinksAfter = (own: readonly Change[]) => own.flatMap(({ after }) => (after ? [after.sink] : []));

function stopped(own: Group, most: number): Phrase {
  const [first] = own;
  const names = counted(own.length, named(sinksBefore(own), most));
  const { kind, because } = first;
  if (first.isUnreadable === true) {
    const more = own.length - most;
    const codes: Phrase[] = own.slice(0, most).map(({ resource }) => [{ code: resource }]);
    const resources = listed(more > 0 ? [...codes, `${more} more`] : codes);
    return phrase`What these resources share cannot be read, and may stop: ${resources}.`;
  }
  const types = first.lost.length > 0 ? typesListed(first.lost) : typesBefore(first);
  if (kind === "replace" && isSamePair(first.before, first.after)) {
    return phrase`${sourceOf(own)} stops sharing ${typesBefore(first)} for a while with ${names}. Each connection is replaced by one with a new id and a new creator.`;
  }
  if (kind === "replace") {
    return phrase`${sourceOf(own)} stops sharing ${types} with ${names}. Each connection is replaced by one to another organization, with a new id and a new creator.`;
  }
  if (kind === "delete") {
    const kept =
      first.keptBy === undefined ? "" : ", unless another resource that holds them too is part of the run";
    const why =
      because === "exclusive"
        ? " The exclusive set does not declare them."
        : because === "leftover"
          ? " Interrupted replacements have left them behind."
          : "";
    return phrase`${sourceOf(own)} stops sharing ${types} with ${names}. The connections are ended${kept}.${why}`;
  }
  if (first.lost.length === 0 && first.isRace === true)
    return phrase`${sourceOf(own)} may stop sharing for a moment with ${names}: each connection is taken over from a resource that may end it first.`;
  if (first.lost.length === 0)
    return phrase`${sourceOf(own)} may stop sharing with ${names}: the preview does not tell.`;
  const undone = kind === "drift" ? " Somebody had added that outside this program." : "";
  return phrase`${sourceOf(own)} stops sharing ${typesListed(first.lost)} with ${names}. The connections go on.${undone}`;
}

function begun(own: Group, most: number): Phrase {
  const [first] = own;
  const source: Phrase = [{ strong: called(first.after?.source ?? {}) }];
  const names = counted(own.length, named(sinksAfter(own), most));
  const types = first.gained.length > 0 ? typesListed(first.gained) : typesOf(first.after);
  const how =
    first.drift?.gone === true
      ? " Somebody has ended the connections; they are made anew."
      : first.kind === "drift"
        ? " Somebody had taken that away outside this program."
        : "";
  const goesOn =
    without(first.after?.connectionTypes ?? [], first.gained).length > 0 ? " besides what it shares now" : "";
  return phrase`${source} begins to share ${types}${goesOn} with ${names}.${how}`;
}

function unchanged(own: Group, most: number): Phrase {
  const [first] = own;
  const names = counted(own.length, named(sinksAfter(own), most));
  if (first.kind === "adopt") return phrase`Taken over as they are: connections to ${names}.`;
  if (first.kind === "release")
    return phrase`Not ended, but managed by nothing any more: connections to ${names}.`;
  return phrase`Only reasons, names or protections change: connections to ${names}.`;
}

/** `3 organizations: …`, where there are several. */
function counted(count: number, names: Phrase): Phrase {
  return count === 1 ? names : phrase`${String(count)} organizations: ${names}`;
}
