import { isDestructive, hasAddedTypes, type Change } from "../../changes/change.js";
import type { FanOut } from "../../changes/fan-out.js";
import {
  formatOrganization,
  joinList,
  formatPair,
  richText,
  type RichText,
} from "../../changes/rich-text.js";
import type { MultiOwnerConnection } from "../../changes/connection-owners.js";
import { getOrganizationKey } from "../../changes/shared-data.js";
import { listSharingAfter, groupBySource, groupBy, formatOrganizationNames } from "./group.js";

/** Something that a reviewer should consider. */
export interface Warning {
  code:
    | ("audit-shared" | "fan-out" | "creator" | "pair-exists" | "may-interrupt")
    | ("multiple-owners" | "unknown-values" | "unreadable" | "types-unspecified");
  sentence: RichText;
}

/** The most destinations that an organization without an Enterprise plan may have, according to Datadog's documentation. */
const MAX_SINKS = 5;

/** Finds what a reviewer should consider. */
export function findWarnings(
  changes: readonly Change[],
  fanOuts: readonly FanOut[],
  connections: readonly MultiOwnerConnection[] = [],
): Warning[] {
  return [
    ...findMultipleOwners(connections),
    ...findExistingPairs(changes),
    ...findInterruptions(changes),
    ...findSharedAudit(changes),
    ...findUnknownValues(changes),
    ...findUnreadable(changes),
    ...findUnspecifiedTypes(changes),
    ...findCreators(changes),
    ...findFanOut(fanOuts),
  ];
}

/** How many connections with several owners are listed. */
const MAX_CONNECTIONS = 10;

function findMultipleOwners(connections: readonly MultiOwnerConnection[]): Warning[] {
  const more = connections.length - MAX_CONNECTIONS;
  const warnings = connections.slice(0, MAX_CONNECTIONS).map(({ connectionId, shared, owners }): RichText => {
    const names = joinList(owners.map((code) => ({ code })));
    return richText`${names} ${owners.length === 2 ? "both" : "all"} manage connection ${{ code: connectionId }} (${formatPair(shared)}). With ${{ code: "--target" }}, a run that deletes one of these resources also deletes the connection that ${owners.length === 2 ? "the other one still manages" : "the others still manage"}. Remove all but one of these resources from the state with ${{ code: "pulumi state delete" }}.`;
  });
  return [
    ...warnings,
    ...(more > 0 ? [richText`${String(more)} more connections are managed by more than one resource.`] : []),
  ].map((sentence) => ({ code: "multiple-owners", sentence }));
}

function findExistingPairs(changes: readonly Change[]): Warning[] {
  return changes.flatMap(({ collision, after, resource }): Warning[] => {
    if (!collision || !after) return [];
    const { connectionId: id, resource: other, mayBeDeletedFirst } = collision;
    const ofOther = other === undefined ? richText`` : richText` of resource ${{ code: other }}`;
    const will = mayBeDeletedFirst === true ? "may" : "will";
    const condition =
      other === undefined || mayBeDeletedFirst !== true
        ? richText``
        : richText` It succeeds if ${{ code: other }} deletes that connection first, which is guaranteed if ${{ code: resource }} lists ${{ code: other }} in ${{ code: "dependsOn" }}.`;
    return [
      {
        code: "pair-exists",
        sentence: richText`${{ code: "pulumi up" }} ${will} fail at ${{ code: resource }}, because ${formatPair(after)} already has connection ${{ code: id }}${ofOther}.${condition} For a renamed resource, set ${{ code: "aliases" }}. For a forced replacement, set ${{ code: "deleteBeforeReplace: true" }}. To adopt the connection, set ${{ code: "adopt: true" }}.`,
      },
    ];
  });
}

function findInterruptions(changes: readonly Change[]): Warning[] {
  return changes.flatMap(({ mayInterrupt, adoptedFrom, after, resource }): Warning[] => {
    if (mayInterrupt !== true || adoptedFrom === undefined || !after) return [];
    const [from, to] = [{ code: adoptedFrom }, { code: resource }];
    return [
      {
        code: "may-interrupt",
        sentence: richText`${from} may delete the connection ${formatPair(after)} before ${to} adopts it. To prevent this, list ${to} in the ${{ code: "dependsOn" }} option of ${from}.`,
      },
    ];
  });
}

function findSharedAudit(changes: readonly Change[]): Warning[] {
  const affected = changes.filter(({ addedTypes }) => addedTypes.includes("audit"));
  return groupBySource(listSharingAfter(affected)).map(({ source, sinks }) => ({
    code: "audit-shared",
    sentence: richText`Audit events show who did what in ${{ strong: formatOrganization(source) }}. They will be shared with ${formatOrganizationNames(sinks)}.`,
  }));
}

function findUnknownValues(changes: readonly Change[]): Warning[] {
  const affected = changes.filter(
    ({ after }) =>
      after !== undefined && (after.openTypes === "unknown" || getOrganizationKey(after.sink) === undefined),
  );
  if (affected.length === 0) return [];
  return [
    {
      code: "unknown-values",
      sentence: richText`The preview does not show all values of ${formatResources(affected)}: a value is secret, or unknown until ${{ code: "pulumi up" }}. What will be shared cannot be reviewed.`,
    },
  ];
}

/** Finds destructive changes for which the state does not show the types or destination of what is shared now. */
function findUnreadable(changes: readonly Change[]): Warning[] {
  const affected = changes.filter(
    (change) =>
      isDestructive(change) &&
      change.before !== undefined &&
      (change.before.openTypes === "unknown" || getOrganizationKey(change.before.sink) === undefined),
  );
  if (affected.length === 0) return [];
  return [
    {
      code: "unreadable",
      sentence: richText`The state does not show everything that is shared now by ${formatResources(affected)}: a value is secret, or has a format that this version does not recognize. What stops being shared cannot be reviewed.`,
    },
  ];
}

/** Formats the names of the changed resources. */
function formatResources(changes: readonly Change[]): RichText {
  const resources = [...new Set(changes.map(({ resource }) => resource))];
  const more = resources.length > 10 ? ` and ${resources.length - 10} more` : "";
  return richText`${joinList(resources.slice(0, 10).map((resource) => ({ code: resource })))}${more}`;
}

function findUnspecifiedTypes(changes: readonly Change[]): Warning[] {
  const affected = changes.filter(
    (change) => change.after?.openTypes === "unspecified" && hasAddedTypes(change),
  );
  return groupBySource(listSharingAfter(affected)).map(({ source, sinks }) => ({
    code: "types-unspecified",
    sentence: richText`Datadog chooses what ${{ strong: formatOrganization(source) }} shares with ${formatOrganizationNames(sinks)}, because ${{ code: "connectionTypes" }} is not set.`,
  }));
}

function findCreators(changes: readonly Change[]): Warning[] {
  const adopted = changes.filter(
    ({ kind, adoptedFrom, createdBy }) =>
      kind === "adopt" && adoptedFrom === undefined && createdBy && createdBy.serviceAccount !== true,
  );
  return groupBy(adopted, ({ createdBy }) => createdBy?.id ?? createdBy?.name ?? "").map((group): Warning => {
    const creator = group[0].createdBy;
    const name: RichText =
      creator?.name === undefined ? [{ code: creator?.id ?? "" }] : [{ outside: creator.name }];
    const user = creator?.serviceAccount === false ? richText`a person, ${name}` : name;
    const sinks = formatOrganizationNames(group.flatMap(({ after }) => (after ? [after.sink] : [])));
    const isSingle = group.length === 1;
    const connections = isSingle ? "connection" : "connections";
    return {
      code: "creator",
      sentence: richText`The adopted ${connections} to ${sinks} ${isSingle ? "was" : "were"} created by ${user}. Datadog shares only what that user is allowed to see, and deletes the ${connections} when the user is deactivated. Use a service account instead of a person's account.`,
    };
  });
}

function findFanOut(fanOuts: readonly FanOut[]): Warning[] {
  return fanOuts
    .filter(({ sinks }) => sinks.length > MAX_SINKS)
    .map(({ source, sinks, addingChanges }) => ({
      code: "fan-out",
      sentence: richText`${{ strong: formatOrganization(source) }} will share with ${String(sinks.length)} organizations, ${String(addingChanges.length)} of them new. Without an Enterprise plan, the limit is ${String(MAX_SINKS)}.`,
    }));
}
