import type { Change } from "../../changes/facts.js";
import { joinFirstItems, joinList, richText, formatTypeList } from "../../changes/rich-text.js";
import { getOrganizationKey } from "../../changes/shared-data.js";
import { pluralize } from "../../shared/text.js";
import { MIN_ALIKE } from "./alike.js";
import { groupBy, formatOrganizationNames, formatResources, selectOnePerResource } from "./group.js";
import { createSourceStatement, type Statement } from "./statements.js";

/** How many IDs a sentence lists if there are at least {@link MIN_ALIKE}. */
const MAX_IDS = 5;

/** Describes what breaks or may break because of these changes. */
export function describeBreaks(changes: readonly Change[]): Statement[] {
  // A retained connection is deleted only if a run with `--target` leaves out the other resources that manage the connection.
  const retained = changes.filter(({ retainedBy }) => retainedBy !== undefined);
  const others = changes.filter(({ retainedBy }) => retainedBy === undefined);
  return [
    ...describeLostData(others),
    ...describeGaps(others),
    ...describeInterruptions(changes),
    ...describeRetained(retained),
    ...describeUnknownTypes(others),
    ...describeAdoptionNotices(changes),
    ...describeDeletedIds(others),
    ...describeNewCreators(others),
  ];
}

function describeRetained(retained: readonly Change[]): Statement[] {
  const sinks = retained.flatMap(({ before }) => (before ? [before.sink] : []));
  return sinks.length === 0
    ? []
    : [
        {
          sentence: richText`If a run with ${{ code: "--target" }} leaves out the other resources that manage a connection, dashboards, notebooks and queries of ${formatOrganizationNames(sinks)} lose the data of that connection, and restriction policies that name its ID no longer match.`,
        },
      ];
}

function describeInterruptions(changes: readonly Change[]): Statement[] {
  const interruptible = changes.filter(({ mayInterrupt }) => mayInterrupt === true);
  const sinks = interruptible.flatMap(({ after }) => (after ? [after.sink] : []));
  return sinks.length === 0
    ? []
    : [
        {
          sentence: richText`If a connection is deleted before it is adopted, dashboards, notebooks and queries of ${formatOrganizationNames(sinks)} briefly miss the data of that connection, and restriction policies that name its ID no longer match.`,
        },
      ];
}

/** Describes the effect of adoptions that an unconfirmed notice in the preview reports. */
function describeAdoptionNotices(changes: readonly Change[]): Statement[] {
  const affected = changes.filter(
    ({ adoptionNotice: notice }) => notice !== undefined && notice.removedTypes.length > 0,
  );
  return groupBy(affected, ({ after, adoptionNotice: notice }) =>
    JSON.stringify([after && getOrganizationKey(after.source), notice?.removedTypes]),
  ).map((group) => {
    const [first] = group;
    const sinks = formatOrganizationNames(group.flatMap(({ after }) => (after ? [after.sink] : [])));
    const types = formatTypeList(first.adoptionNotice?.removedTypes ?? []);
    return createSourceStatement(
      first.after?.source ?? {},
      (sources) =>
        richText`If the adoption reported in the preview takes place, dashboards, notebooks and queries of ${sinks} that use ${types} from ${sources} lose this data immediately.`,
    );
  });
}

function describeUnknownTypes(changes: readonly Change[]): Statement[] {
  const uncertain = changes.filter(
    (change) =>
      change.kind !== "delete" &&
      change.isUnreadable !== true &&
      change.stops !== undefined &&
      hasUnknownTypes(change),
  );
  const sinks = uncertain.flatMap(({ before }) => (before ? [before.sink] : []));
  const unreadable = changes.filter((change) => change.stops?.why[0] === "unreadable");
  const unreadableCount = selectOnePerResource(unreadable).length;
  return [
    ...(sinks.length === 0
      ? []
      : [
          {
            sentence: richText`It is unknown whether anything breaks for ${formatOrganizationNames(sinks)}.`,
          },
        ]),
    ...(unreadable.length === 0
      ? []
      : [
          {
            sentence: richText`It is unknown what breaks if ${formatResources(unreadable)} ${pluralize(unreadableCount, "stops", "stop")} sharing data.`,
          },
        ]),
  ];
}

/** Whether the change affects types that the preview or the state does not show. */
const hasUnknownTypes = ({ before, after }: Change): boolean =>
  before?.openTypes === "unknown" || after?.openTypes === "unknown";

function describeLostData(changes: readonly Change[]): Statement[] {
  const isUnknownDelete = (change: Change) => change.kind === "delete" && hasUnknownTypes(change);
  const affected = changes.filter(
    (change) => change.before && change.removedTypes.length > 0 && !isUnknownDelete(change),
  );
  // Some of the types may be unknown, so the sentence names none. For unreadable deletions, see `describeUnknownTypes`.
  const unknownDeletes = changes
    .filter((change) => isUnknownDelete(change) && change.isUnreadable !== true)
    .map((change) => ({ ...change, removedTypes: [] }));
  return [...describeLosses(affected), ...describeLosses(unknownDeletes)];
}

function describeLosses(affected: readonly Change[]): Statement[] {
  return groupBy(affected, ({ before, removedTypes }) =>
    JSON.stringify([before && getOrganizationKey(before.source), removedTypes]),
  ).map((group) => {
    const [{ before: shared, removedTypes }] = group;
    const sinks = formatOrganizationNames(group.flatMap(({ before }) => (before ? [before.sink] : [])));
    const types = removedTypes.length > 0 ? formatTypeList(removedTypes) : ["data"];
    return createSourceStatement(
      shared?.source ?? {},
      (sources) =>
        richText`Dashboards, notebooks and queries of ${sinks} that use ${types} from ${sources} lose this data immediately.`,
    );
  });
}

/** Describes the effect on pairs that have no connection for some time. */
function describeGaps(changes: readonly Change[]): Statement[] {
  const withGap = changes.filter(({ gap }) => gap === true);
  return groupBy(withGap, ({ before }) => getOrganizationKey(before?.source ?? {}) ?? "").map((group) => {
    const sinks = formatOrganizationNames(group.flatMap(({ before }) => (before ? [before.sink] : [])));
    return createSourceStatement(
      group[0].before?.source ?? {},
      (sources) =>
        richText`Dashboards, notebooks and queries of ${sinks} miss the data from ${sources} until the replacement is complete.`,
    );
  });
}

/**
 * Describes the effect of deleted IDs. A restriction policy refers to a connection by its ID, as `cross-org-connection:<connection ID>`
 * (https://docs.datadoghq.com/api/latest/restriction-policies/).
 */
function describeDeletedIds(changes: readonly Change[]): Statement[] {
  // Two resources may delete the same connection.
  const ids = [
    ...new Set(
      changes.flatMap(({ kind, connectionId }) =>
        (kind === "delete" || kind === "replace") && connectionId !== undefined ? [connectionId] : [],
      ),
    ),
  ];
  const names = ids.map((id) => ({ code: `cross-org-connection:${id}` }));
  const list = ids.length < MIN_ALIKE ? joinList(names) : joinFirstItems(names, MAX_IDS);
  return ids.length === 0
    ? []
    : [
        {
          sentence: richText`Restriction policies that name ${list} no longer match: ${pluralize(ids.length, "this ID no longer exists", "these IDs no longer exist")}.`,
        },
      ];
}

function describeNewCreators(changes: readonly Change[]): Statement[] {
  return changes.some(({ kind, drift }) => kind === "replace" || drift?.gone === true)
    ? [
        {
          sentence: [
            "A connection that is created in place of another one shares only what its creator, the owner of the application key or token, is allowed to see. That may be less than before.",
          ],
        },
      ]
    : [];
}
