import { isDestructive, type Change } from "../../changes/change.js";
import { called, listed, phrase, typesListed, type Phrase } from "../../changes/phrase.js";
import { keyOf } from "../../changes/sharing.js";
import { groupBy, named } from "./group.js";

/** How many ids are named. */
const MOST_IDS = 20;

/** What stops working with these changes: nothing, when the list is empty. */
export function breaksOf(changes: readonly Change[]): Phrase[] {
  return [
    ...dashboards(changes),
    ...gaps(changes),
    ...races(changes),
    ...untold(changes),
    ...announced(changes),
    ...references(changes),
  ];
}

function races(changes: readonly Change[]): Phrase[] {
  const racing = changes.filter(({ isRace }) => isRace === true);
  const sinks = racing.flatMap(({ after }) => (after ? [after.sink] : []));
  return sinks.length === 0
    ? []
    : [
        phrase`If a connection is ended before it is taken over, dashboards and monitors of ${named(sinks)} miss its data for a moment, and restriction policies that name its id lead nowhere.`,
      ];
}

/** Adoptions that the preview announces, and nothing confirms. */
function announced(changes: readonly Change[]): Phrase[] {
  const losing = changes.filter(({ announced: said }) => said !== undefined && said.lost.length > 0);
  return groupBy(losing, ({ after, announced: said }) =>
    JSON.stringify([after && keyOf(after.source), said?.lost]),
  ).map((own) => {
    const [first] = own;
    const sinks = own.flatMap(({ after }) => (after ? [after.sink] : []));
    return phrase`If what the preview says is taken over is there, dashboards and monitors of ${named(sinks)} that use ${typesListed(first.announced?.lost ?? [])} of ${{ strong: called(first.after?.source ?? {}) }} lose this data at once.`;
  });
}

function untold(changes: readonly Change[]): Phrase[] {
  const open = changes.filter(
    (change) =>
      change.kind !== "delete" &&
      change.isUnreadable !== true &&
      isDestructive(change) &&
      isTypesUntold(change),
  );
  const sinks = open.flatMap(({ before }) => (before ? [before.sink] : []));
  const hidden = changes.filter((change) => change.isUnreadable === true && isDestructive(change));
  const resources = hidden.map(({ resource }): Phrase => [{ code: resource }]);
  return [
    ...(sinks.length === 0
      ? []
      : [phrase`Whether anything breaks for ${named(sinks)}, the preview does not tell.`]),
    ...(resources.length === 0
      ? []
      : [phrase`Whether anything breaks with what ${listed(resources)} may stop sharing, nobody can tell.`]),
  ];
}

/** Whether a change does something to types that the preview or the state does not tell. */
const isTypesUntold = ({ before, after }: Change): boolean =>
  before?.openTypes === "not-told" || after?.openTypes === "not-told";

function dashboards(changes: readonly Change[]): Phrase[] {
  const losing = changes.filter(({ before, lost }) => before && lost.length > 0);
  const untoldLost = changes.filter(
    (change) => change.kind === "delete" && change.isUnreadable !== true && isTypesUntold(change),
  );
  return [...lossesOf(losing), ...lossesOf(untoldLost)];
}

function lossesOf(losing: readonly Change[]): Phrase[] {
  return groupBy(losing, ({ before, lost }) => JSON.stringify([before && keyOf(before.source), lost])).map(
    (own) => {
      const [{ before: first, lost }] = own;
      const source = called(first?.source ?? {});
      const sinks = own.flatMap(({ before }) => (before ? [before.sink] : []));
      const types = lost.length > 0 ? typesListed(lost) : ["data"];
      return phrase`Dashboards and monitors of ${named(sinks)} that use ${types} of ${{ strong: source }} lose this data at once.`;
    },
  );
}

/** The same pair, and for a while no connection. */
function gaps(changes: readonly Change[]): Phrase[] {
  const interrupted = changes.filter(({ gap }) => gap === true);
  return groupBy(interrupted, ({ before }) => keyOf(before?.source ?? {}) ?? "").map((own) => {
    const sinks = own.flatMap(({ before }) => (before ? [before.sink] : []));
    return phrase`Dashboards and monitors of ${named(sinks)} miss the data of ${{ strong: called(own[0].before?.source ?? {}) }} until the new connection is made.`;
  });
}

/** Restriction policies name a connection by its id (published clients). */
function references(changes: readonly Change[]): Phrase[] {
  const ids = changes.flatMap(({ kind, connectionId }) =>
    (kind === "delete" || kind === "replace") && connectionId !== undefined ? [connectionId] : [],
  );
  const made = changes.filter(({ kind, drift }) => kind === "replace" || drift?.gone === true).length;
  const more = ids.length - MOST_IDS;
  const names: Phrase[] = ids.slice(0, MOST_IDS).map((id) => [{ code: `cross-org-connection:${id}` }]);
  const gone =
    ids.length === 0
      ? []
      : [
          phrase`Restriction policies that name ${listed(more > 0 ? [...names, `${more} more`] : names)} lead nowhere: these ids are gone for good.`,
        ];
  const anew =
    made === 0
      ? []
      : [
          phrase`What is made anew shares what its new creator may see, the owner of the application key: that may be less than before.`,
        ];
  return [...gone, ...anew];
}
