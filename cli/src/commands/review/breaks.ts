import { isDestructive, type Change } from "../../changes/change.js";
import { joinFirstItems, joinList, richText, formatTypeList } from "../../changes/rich-text.js";
import { getOrganizationKey } from "../../changes/shared-data.js";
import { pluralize } from "../../shared/text.js";
import { MIN_ALIKE } from "./alike.js";
import { groupBy, formatOrganizationNames, formatResources, listByResource } from "./group.js";
import { createSourceStatement, type Statement } from "./statements.js";

/** How many IDs a sentence lists if there are many. */
const MAX_IDS = 5;

/** Describes what stops working because of these changes. */
export function describeBreaks(changes: readonly Change[]): Statement[] {
  const effective = changes.filter((change) => !isRetained(change));
  return [
    ...describeBrokenDashboards(effective),
    ...describeGaps(effective),
    ...describeInterruptions(changes),
    ...describeRetained(changes.filter(isRetained)),
    ...describeUnknownTypes(effective),
    ...describeAdoptionNotices(changes),
    ...describeReferences(effective),
  ];
}

/** Whether the provider retains the connection, if the run includes another resource that manages it. */
const isRetained = ({ kind, retainedBy }: Change): boolean =>
  retainedBy !== undefined && (kind === "delete" || kind === "replace");

function describeRetained(retained: readonly Change[]): Statement[] {
  const sinks = retained.flatMap(({ before }) => (before ? [before.sink] : []));
  return sinks.length === 0
    ? []
    : [
        {
          sentence: richText`If a run with ${{ code: "--target" }} leaves out the other resources that manage a connection, dashboards and monitors of ${formatOrganizationNames(sinks)} lose its data, and restriction policies that name its ID no longer match.`,
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
          sentence: richText`If a connection is deleted before it is adopted, dashboards and monitors of ${formatOrganizationNames(sinks)} briefly miss its data, and restriction policies that name its ID no longer match.`,
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
        richText`If the adoption that the preview reports takes place, dashboards and monitors of ${sinks} that use ${types} from ${sources} lose this data immediately.`,
    );
  });
}

function describeUnknownTypes(changes: readonly Change[]): Statement[] {
  const uncertain = changes.filter(
    (change) =>
      change.kind !== "delete" &&
      change.isUnreadable !== true &&
      isDestructive(change) &&
      hasUnknownTypes(change),
  );
  const sinks = uncertain.flatMap(({ before }) => (before ? [before.sink] : []));
  const hidden = changes.filter((change) => change.isUnreadable === true && isDestructive(change));
  const hiddenCount = listByResource(hidden).length;
  return [
    ...(sinks.length === 0
      ? []
      : [
          {
            sentence: richText`The preview does not show whether anything breaks for ${formatOrganizationNames(sinks)}.`,
          },
        ]),
    ...(hidden.length === 0
      ? []
      : [
          {
            sentence: richText`It is unknown what breaks if ${formatResources(hidden)} ${pluralize(hiddenCount, "stops", "stop")} sharing data.`,
          },
        ]),
  ];
}

/** Whether the change affects types that the preview or the state does not show. */
const hasUnknownTypes = ({ before, after }: Change): boolean =>
  before?.openTypes === "unknown" || after?.openTypes === "unknown";

function describeBrokenDashboards(changes: readonly Change[]): Statement[] {
  const isUnknownDelete = (change: Change) => change.kind === "delete" && hasUnknownTypes(change);
  const affected = changes.filter(
    (change) => change.before && change.removedTypes.length > 0 && !isUnknownDelete(change),
  );
  // Only some of the types may be known, so the sentence names none.
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
        richText`Dashboards and monitors of ${sinks} that use ${types} from ${sources} lose this data immediately.`,
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
        richText`Dashboards and monitors of ${sinks} miss the data from ${sources} until the new connection is created.`,
    );
  });
}

/** A restriction policy refers to a connection by its ID, as `cross-org-connection:<connection ID>`. */
function describeReferences(changes: readonly Change[]): Statement[] {
  // Two resources may delete the same connection.
  const ids = [
    ...new Set(
      changes.flatMap(({ kind, connectionId }) =>
        (kind === "delete" || kind === "replace") && connectionId !== undefined ? [connectionId] : [],
      ),
    ),
  ];
  const recreated = changes.filter(({ kind, drift }) => kind === "replace" || drift?.gone === true).length;
  const names = ids.map((id) => ({ code: `cross-org-connection:${id}` }));
  const list = ids.length < MIN_ALIKE ? joinList(names) : joinFirstItems(names, MAX_IDS);
  const deleted =
    ids.length === 0
      ? []
      : [
          richText`Restriction policies that name ${list} no longer match: ${pluralize(ids.length, "this ID no longer exists", "these IDs no longer exist")}.`,
        ];
  const creators =
    recreated === 0
      ? []
      : [
          richText`A recreated connection shares only what its new creator, the owner of the application key, is allowed to see. That may be less than before.`,
        ];
  return [...deleted, ...creators].map((sentence) => ({ sentence }));
}
