import type { Change } from "../../changes/facts.js";
import type { FanOut } from "../../changes/fan-out.js";
import {
  formatOrganization,
  formatPair,
  formatStrongOrganization,
  richText,
  type RichText,
} from "../../changes/rich-text.js";
import { getResourceKey, isOwnTool } from "../../stack/resources.js";
import { formatCollisionAdvice, formatOwner, formatRun } from "./owners.js";
import {
  findImportsById,
  findDeclaredTwice,
  findDeletionsOfManaged,
  findMultipleOwners,
} from "./owner-warnings.js";
import type { MultiOwnerConnection } from "../../changes/connection-owners.js";
import { getOrganizationKey } from "../../changes/shared-data.js";
import {
  listSharingAfter,
  groupBySource,
  groupBy,
  formatOrganizationNames,
  formatResources,
} from "./group.js";
import { createSourceStatement, type Warning } from "./statements.js";
import { formatCount } from "../../shared/text.js";

/**
 * The maximum count of destinations of an organization without an Enterprise plan
 * (https://docs.datadoghq.com/account_management/org_settings/cross_org_visibility/).
 */
const MAX_SINKS = 5;

/** Finds what a reviewer should consider. */
export function findWarnings(
  changes: readonly Change[],
  fanOuts: readonly FanOut[],
  multiOwnerConnections: readonly MultiOwnerConnection[] = [],
): Warning[] {
  return [
    ...findDeletionsOfManaged(changes),
    ...findImportsById(changes),
    ...findMultipleOwners(multiOwnerConnections),
    ...findDeclaredTwice(changes),
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

const formatConnectionKey = (resource: string | undefined, connectionId: string | undefined): string =>
  JSON.stringify([resource, connectionId]);

/** Returns the first change with each key. */
const mapFirst = (
  changes: readonly Change[],
  getKey: (change: Change) => string,
): ReadonlyMap<string, Change> => new Map(changes.toReversed().map((change) => [getKey(change), change]));

function findExistingPairs(changes: readonly Change[]): Warning[] {
  const firstByResource = mapFirst(changes, getResourceKey);
  const firstByConnection = mapFirst(changes, ({ resource, connectionId }) =>
    formatConnectionKey(resource, connectionId),
  );
  return changes.flatMap((change): Warning[] => {
    const { collision, after, resource, location, tool } = change;
    if (!collision) return [];
    const { connectionId: id, resource: other, mayBeDeletedFirst } = collision;
    const owner = firstByConnection.get(formatConnectionKey(other, id));
    const isElsewhere = owner !== undefined && owner.location !== location;
    const otherName = isElsewhere ? formatOwner({ ...owner, name: owner.resource }) : [{ code: other ?? "" }];
    const ofOther = other === undefined ? richText`` : richText` of resource ${otherName}`;
    const will = change.fails === "possible" ? "may" : "will";
    const isConditional = other !== undefined && mayBeDeletedFirst === true;
    // Only a resource of the same stack can be in `dependsOn`.
    const isOrderable = isOwnTool({ tool }) && owner?.location === location;
    const condition = isConditional
      ? richText` The create succeeds if ${otherName} deletes the connection first${isOrderable ? richText`, which is guaranteed if ${{ code: resource }} lists ${otherName} in ${{ code: "dependsOn" }}` : ""}.`
      : richText``;
    const conditions = isConditional
      ? richText` The creates succeed if other resources delete the connections first${isOrderable ? richText`, which is guaranteed if each creating resource lists the deleting one in ${{ code: "dependsOn" }}` : ""}.`
      : richText``;
    return [
      {
        code: "pair-exists",
        sentence: richText`${formatRun(tool)} ${will} fail at ${{ code: resource }}, because ${formatPair(after)} already has connection ${{ code: id }}${ofOther}.${condition} ${formatCollisionAdvice(tool)}`,
        alike: {
          subject: [{ code: resource }],
          noun: "resources",
          // A set can have several changes with a collision, but counts as one resource.
          about: firstByResource.get(getResourceKey(change)),
          summarize: (resources) =>
            richText`${formatRun(tool)} ${will} fail at ${resources}, because their pairs already have connections.${conditions} ${formatCollisionAdvice(tool)}`,
        },
      },
    ];
  });
}

function findInterruptions(changes: readonly Change[]): Warning[] {
  return changes.flatMap(({ mayInterrupt, adoptedFrom, after, resource }): Warning[] => {
    if (mayInterrupt !== true || adoptedFrom === undefined) return [];
    const [from, to] = [{ code: adoptedFrom }, { code: resource }];
    return [
      {
        code: "may-interrupt",
        sentence: richText`${from} may delete the connection ${formatPair(after)} before ${to} adopts it. To prevent this, list ${to} in the ${{ code: "dependsOn" }} option of ${from}.`,
        alike: {
          subject: formatPair(after),
          noun: "connections",
          summarize: (pairs) =>
            richText`${pairs} may be deleted by their current resources before other resources adopt them. To prevent this, list each adopting resource in the ${{ code: "dependsOn" }} option of the connection's current resource.`,
        },
      },
    ];
  });
}

function findSharedAudit(changes: readonly Change[]): Warning[] {
  const affected = changes.filter(({ addedTypes }) => addedTypes.includes("audit"));
  return groupBySource(listSharingAfter(affected)).map(({ source, sinks }) => ({
    code: "audit-shared",
    ...createSourceStatement(
      source,
      (sources) =>
        richText`Audit events show who did what in ${sources}. They will be shared with ${formatOrganizationNames(sinks)}.`,
    ),
  }));
}

function findUnknownValues(changes: readonly Change[]): Warning[] {
  const affected = changes.filter(
    ({ after, importedById, kind }) =>
      after !== undefined &&
      (after.openTypes === "unknown" ||
        (getOrganizationKey(after.sink) === undefined &&
          // If a connection with `importedById` is not replaced, its destination stays the same. The warning `import-by-id` already
          // says that the plan does not show the destination.
          (importedById === undefined || kind === "replace"))),
  );
  // One sentence is about all plans and one about all previews, because different commands apply them.
  return groupBy(affected, ({ tool }) => (tool === "terraform" ? "plan" : "preview")).map(
    (group): Warning => {
      const [{ tool }] = group;
      return {
        code: "unknown-values",
        sentence: richText`The ${tool === "terraform" ? "plan" : "preview"} does not show all values of ${formatResources(group)}: a value is secret, or unknown until ${formatRun(tool)}. What will be shared cannot be reviewed.`,
      };
    },
  );
}

/** Finds destructive changes of connections whose current types or destination the state does not show. */
function findUnreadable(changes: readonly Change[]): Warning[] {
  const affected = changes.filter(
    (change) =>
      change.stops !== undefined &&
      change.before !== undefined &&
      // The warning about the import already says that only the ID is known.
      change.importedById === undefined &&
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

function findUnspecifiedTypes(changes: readonly Change[]): Warning[] {
  const affected = changes.filter(
    ({ after, starts }) => after?.openTypes === "unspecified" && starts !== undefined,
  );
  return groupBySource(listSharingAfter(affected)).map(({ source, sinks }) => {
    const subject = formatStrongOrganization(source);
    const names = formatOrganizationNames(sinks);
    const cause = richText`because ${{ code: "connectionTypes" }} is not set`;
    return {
      code: "types-unspecified",
      sentence: richText`Datadog chooses what ${subject} shares with ${names}, ${cause}.`,
      alike: {
        subject,
        noun: "organizations",
        summarize: (sources) => richText`Datadog chooses what ${sources} share with ${names}, ${cause}.`,
      },
    };
  });
}

function findCreators(changes: readonly Change[]): Warning[] {
  const adopted = changes.filter(
    ({ kind, adoptedFrom, createdBy }) =>
      kind === "adopt" && adoptedFrom === undefined && createdBy && createdBy.serviceAccount !== true,
  );
  return groupBy(adopted, ({ createdBy }) => createdBy?.id ?? createdBy?.name ?? "").map((group): Warning => {
    const creator = group[0].createdBy;
    const name: RichText =
      creator?.name === undefined ? [{ code: creator?.id ?? "" }] : [{ untrusted: creator.name }];
    const user = creator?.serviceAccount === false ? richText`a person, ${name}` : name;
    const sinks = formatOrganizationNames(group.flatMap(({ after }) => (after ? [after.sink] : [])));
    const isSingle = group.length === 1;
    const connections = isSingle ? "connection" : "connections";
    const remedy = "Use a service account instead of a person's account.";
    return {
      code: "creator",
      sentence: richText`The adopted ${connections} to ${sinks} ${isSingle ? "was" : "were"} created by ${user}. Datadog shares only what that user is allowed to see, and deletes the ${connections} when the user is deactivated. ${remedy}`,
      alike: {
        subject: name,
        noun: "users",
        summarize: (users) =>
          richText`The adopted connections to ${sinks} were created by ${users}. Datadog shares only what these users are allowed to see, and deletes a connection when its creator is deactivated. ${remedy}`,
      },
    };
  });
}

function findFanOut(fanOuts: readonly FanOut[]): Warning[] {
  return (
    fanOuts
      // Connections whose source is unknown may have different sources.
      .filter(
        ({ source, sinks, newSinks }) =>
          getOrganizationKey(source) !== undefined && sinks.length > MAX_SINKS && newSinks.length > 0,
      )
      .map(({ source, sinks, newSinks }) => ({
        code: "fan-out",
        sentence: richText`${{ strong: formatOrganization(source) }} will share with ${formatCount(sinks.length, "organization")}, ${String(newSinks.length)} of them new. Without an Enterprise plan, the limit is ${String(MAX_SINKS)}.`,
        alike: {
          subject: formatStrongOrganization(source),
          noun: "organizations",
          summarize: (sources) =>
            richText`${sources} will each share with more than ${String(MAX_SINKS)} organizations. Without an Enterprise plan, the limit is ${String(MAX_SINKS)}.`,
        },
      }))
  );
}
