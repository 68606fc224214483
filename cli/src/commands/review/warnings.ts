import { isDestructive, isGain, type Change } from "../../changes/change.js";
import type { Fan } from "../../changes/fans.js";
import { called, listed, pairOf, phrase, type Phrase } from "../../changes/phrase.js";
import type { SharedConnection } from "../../changes/owners.js";
import { keyOf } from "../../changes/sharing.js";
import { aftersOf, bySource, groupBy, named } from "./group.js";

/** Something a reviewer should think about. */
export interface Warning {
  code:
    | ("audit-leaves" | "fan-out" | "creator" | "taken-already" | "race")
    | ("two-owners" | "not-told" | "not-read" | "left-to-datadog");
  sentence: Phrase;
}

/** More destinations than organizations outside an Enterprise plan may have (current documentation). */
const MANY_SINKS = 5;

/** What a reviewer should think about, one sentence for each source or person. */
export function warningsOf(
  changes: readonly Change[],
  fans: readonly Fan[],
  shared: readonly SharedConnection[] = [],
): Warning[] {
  return [
    ...twoOwners(shared),
    ...takenAlready(changes),
    ...races(changes),
    ...auditLeaves(changes),
    ...untold(changes),
    ...unread(changes),
    ...leftToDatadog(changes),
    ...creators(changes),
    ...fanOut(fans),
  ];
}

/** So many connections with two owners are told one by one. */
const MOST_SHARED = 10;

function twoOwners(shared: readonly SharedConnection[]): Warning[] {
  const more = shared.length - MOST_SHARED;
  const warnings = shared.slice(0, MOST_SHARED).map(({ connectionId, sharing, owners }): Phrase => {
    const names = listed(owners.map((code) => ({ code })));
    return phrase`${names} ${owners.length === 2 ? "both" : "all"} hold connection ${{ code: connectionId }} (${pairOf(sharing)}). A run with ${{ code: "--target" }} that deletes one of them ends it for the other, too: take all but one of them out of the state with ${{ code: "pulumi state delete" }}.`;
  });
  return [
    ...warnings,
    ...(more > 0 ? [phrase`${String(more)} more connections have more than one owner.`] : []),
  ].map((sentence) => ({ code: "two-owners", sentence }));
}

function takenAlready(changes: readonly Change[]): Warning[] {
  return changes.flatMap(({ collision, after, resource }): Warning[] => {
    if (!collision || !after) return [];
    const { connectionId: id, resource: other, isRace } = collision;
    const holder = other === undefined ? phrase`` : phrase` of the resource ${{ code: other }}`;
    const will = isRace === true ? "may" : "will";
    const unless =
      other === undefined || isRace !== true
        ? phrase``
        : phrase`, unless ${{ code: other }} deletes that first (certain when ${{ code: resource }} has the option ${{ code: "dependsOn" }} with it)`;
    return [
      {
        code: "taken-already",
        sentence: phrase`The up ${will} fail at ${{ code: resource }}: ${pairOf(after)} is connected already by ${{ code: id }}${holder}${unless}. A renamed resource needs ${{ code: "aliases" }}, a forced replacement ${{ code: "deleteBeforeReplace: true" }}; what is meant to be taken over, ${{ code: "adopt: true" }}.`,
      },
    ];
  });
}

function races(changes: readonly Change[]): Warning[] {
  return changes.flatMap(({ isRace, takenFrom, after, resource }): Warning[] => {
    if (isRace !== true || takenFrom === undefined || !after) return [];
    const [giver, taker] = [{ code: takenFrom }, { code: resource }];
    return [
      {
        code: "race",
        sentence: phrase`${giver} may end ${pairOf(after)} before ${taker} takes it over. That cannot happen when ${giver} has the option ${{ code: "dependsOn" }} with ${taker}.`,
      },
    ];
  });
}

function auditLeaves(changes: readonly Change[]): Warning[] {
  const leaving = changes.filter(({ gained }) => gained.includes("audit"));
  return bySource(aftersOf(leaving)).map(({ source, sinks }) => ({
    code: "audit-leaves",
    sentence: phrase`Audit events leave ${{ strong: called(source) }}: ${named(sinks)} newly ${sinks.length === 1 ? "sees" : "see"} who did what there.`,
  }));
}

function untold(changes: readonly Change[]): Warning[] {
  const open = changes.filter(
    ({ after }) => after !== undefined && (after.openTypes === "not-told" || keyOf(after.sink) === undefined),
  );
  if (open.length === 0) return [];
  return [
    {
      code: "not-told",
      sentence: phrase`The preview does not tell all of ${resourcesOf(open)}: a value is not known before the up, or secret. What is shared then, nobody has reviewed.`,
    },
  ];
}

/** What is shared now is not told, and it changes. */
function unread(changes: readonly Change[]): Warning[] {
  const open = changes.filter(
    (change) =>
      isDestructive(change) &&
      change.before !== undefined &&
      (change.before.openTypes === "not-told" || keyOf(change.before.sink) === undefined),
  );
  if (open.length === 0) return [];
  return [
    {
      code: "not-read",
      sentence: phrase`The state does not tell all that is shared now by ${resourcesOf(open)}: a value is secret, or of a form that this version does not know. What stops, nobody has reviewed.`,
    },
  ];
}

/** The resources of changes, each once. */
function resourcesOf(changes: readonly Change[]): Phrase {
  const resources = [...new Set(changes.map(({ resource }) => resource))];
  const more = resources.length > 10 ? ` and ${resources.length - 10} more` : "";
  return phrase`${listed(resources.slice(0, 10).map((one) => ({ code: one })))}${more}`;
}

function leftToDatadog(changes: readonly Change[]): Warning[] {
  const open = changes.filter((change) => change.after?.openTypes === "left-to-datadog" && isGain(change));
  return bySource(aftersOf(open)).map(({ source, sinks }) => ({
    code: "left-to-datadog",
    sentence: phrase`What ${{ strong: called(source) }} shares with ${named(sinks)} is left to Datadog: no ${{ code: "connectionTypes" }} are set.`,
  }));
}

function creators(changes: readonly Change[]): Warning[] {
  const adopted = changes.filter(
    ({ kind, takenFrom, createdBy }) =>
      kind === "adopt" && takenFrom === undefined && createdBy && createdBy.serviceAccount !== true,
  );
  return groupBy(adopted, ({ createdBy }) => createdBy?.id ?? createdBy?.name ?? "").map((own): Warning => {
    const by = own[0].createdBy;
    const name: Phrase = by?.name === undefined ? [{ code: by?.id ?? "" }] : [{ outside: by.name }];
    const who = by?.serviceAccount === false ? phrase`a person, ${name}` : name;
    const what = named(own.flatMap(({ after }) => (after ? [after.sink] : [])));
    return {
      code: "creator",
      sentence: phrase`What is taken over to ${what} ${own.length === 1 ? "was" : "were"} made by ${who}: what is shared is what that account may see, and it ends when the account is deactivated. A person's account is not meant for that; a service account is.`,
    };
  });
}

function fanOut(fans: readonly Fan[]): Warning[] {
  return fans
    .filter(({ sinks }) => sinks.length > MANY_SINKS)
    .map(({ source, sinks, begins }) => ({
      code: "fan-out",
      sentence: phrase`${{ strong: called(source) }} shares with ${String(sinks.length)} organizations then, ${String(begins.length)} of them new here. Outside an Enterprise plan ${String(MANY_SINKS)} are the most.`,
    }));
}
