import type { Change } from "../../changes/facts.js";
import { canHandOver } from "../../changes/former-owners.js";
import type { MultiOwnerConnection } from "../../changes/connection-owners.js";
import { formatPair, joinList, richText, type RichText } from "../../changes/rich-text.js";
import { PairIndex } from "../../changes/pair-index.js";
import { pluralize } from "../../shared/text.js";
import {
  isOwnTool,
  isSameHost,
  mayBeOneResource,
  ONE_WORKSPACE_ADVICE,
  type ResourceRef,
} from "../../stack/resources.js";
import { formatOwner, formatStateRemoval } from "./owners.js";
import type { Warning } from "./statements.js";

/** Creates the warnings about connections with several owners. A resource that deletes its connection in this run also counts. */
export function findMultipleOwners(connections: readonly MultiOwnerConnection[]): Warning[] {
  return connections.map((connection): Warning => {
    if (mayBeOneResource(connection.owners)) return createSameAddressWarning(connection);
    const { connectionId, shared, owners } = connection;
    // One process of this package may manage all owners. If one owner gives up the connection, this process retains the connection
    // for the other owners. But if a run with `--target` leaves out the other owners, the process deletes the connection.
    const isOneHost = owners.every((owner) => owners.every((other) => canHandOver(owner, other)));
    const names = isOneHost
      ? joinList(owners.map(({ name }) => ({ code: name })))
      : joinList(owners.map(formatOwner));
    const both = owners.length === 2 ? "both" : "all";
    const { effect, effects, remedy, remedies } = isOneHost
      ? describeOneHost(owners)
      : describeSeveralHosts(owners);
    return {
      code: "multiple-owners",
      sentence: richText`${names} ${both} manage connection ${{ code: connectionId }} (${formatPair(shared)}). ${effect} ${remedy}`,
      alike: {
        subject: formatPair(shared),
        noun: "connections",
        summarize: (pairs) => richText`Several resources manage each of ${pairs}. ${effects} ${remedies}`,
      },
    };
  });
}

/** Creates the warning about a resource with the same address in several files. The files may be of one workspace. */
function createSameAddressWarning({ connectionId, shared, owners }: MultiOwnerConnection): Warning {
  const files = joinList(owners.map(({ location }) => richText`${{ untrusted: location }}`));
  return {
    code: "multiple-owners",
    sentence: richText`${files} have ${{ code: owners[0]?.address ?? "" }} with connection ${{ code: connectionId }} (${formatPair(shared)}). ${ONE_WORKSPACE_ADVICE}`,
    alike: {
      subject: formatPair(shared),
      noun: "connections",
      summarize: (pairs) =>
        richText`${files} have the same resource for each of ${pairs}. ${ONE_WORKSPACE_ADVICE}`,
    },
  };
}

/** What happens to a connection of several owners, and what to do. */
interface Description {
  effect: RichText;
  /** The effect on many connections. */
  effects: RichText;
  remedy: RichText;
  /** What to do about many connections. */
  remedies: RichText;
}

function describeOneHost({ length }: readonly ResourceRef[]): Description {
  const target = { code: "--target" };
  return {
    effect: richText`With ${target}, a run that deletes one of these resources also deletes the connection that ${length === 2 ? "the other one still manages" : "the others still manage"}.`,
    effects: richText`With ${target}, a run that deletes one of these resources also deletes the connection that the others still manage.`,
    remedy: richText`Remove all but one of these resources from the state with ${{ code: "pulumi state delete" }}.`,
    remedies: richText`For each connection, remove all but one of its resources from the state with ${{ code: "pulumi state delete" }}.`,
  };
}

function describeSeveralHosts(owners: readonly ResourceRef[]): Description {
  const removals = owners.map((owner) => richText`for ${formatOwner(owner)}, ${formatStateRemoval(owner)}`);
  return {
    effect: richText`If one of them deletes the connection, it is deleted for ${owners.length === 2 ? "both" : "all"}.`,
    effects: richText`If one of them deletes a connection, it is deleted for all.`,
    remedy: richText`Keep one of them. Remove each of the others from its state without deleting the connection: ${removals.flatMap((removal, index) => [...(index === 0 ? [] : ["; "]), ...removal])}.`,
    remedies: richText`For each connection, remove all but one of its resources from their states without deleting the connection.`,
  };
}

/**
 * Finds deletions of connections that another resource adopts, may adopt or continues to manage. If a resource moves from another
 * tool or provider, both can be this resource: it deletes the connection as the former resource, and adopts it as the new one.
 */
export function findDeletionsOfManaged(changes: readonly Change[]): Warning[] {
  return changes.flatMap(({ resource: name, otherOwners, formerOwner, before, ...rest }): Warning[] => {
    if (otherOwners === undefined) return [];
    const { connectionId } = rest;
    const owner: ResourceRef = formerOwner ?? { ...rest, name };
    const pair = formatPair(before);
    const connection =
      connectionId === undefined ? richText`the connection` : richText`connection ${{ code: connectionId }}`;
    const remedy = formerOwner
      ? richText`First apply only the alias that moves ${{ code: name }}, in a run of its own.`
      : richText`First remove ${formatOwner(owner)} from its state without deleting the connection: ${formatStateRemoval(owner)}.`;
    const remedies = formerOwner
      ? richText`First apply only the aliases that move these resources, in a separate run.`
      : richText`First remove the deleting resources from their states without deleting the connections (${{ code: "pulumi state delete" }}, ${{ code: "terraform state rm" }}, or a ${{ code: "removed" }} block with ${{ code: "destroy = false" }}).`;
    return [
      {
        code: "managed-elsewhere",
        sentence: richText`${formatOwner(owner)} deletes ${connection} (${pair}) by its ID. Sharing stops, whatever ${joinList(otherOwners.map(formatOwner))} ${pluralize(otherOwners.length, "declares", "declare")}. Do not apply this change. ${remedy} ${NOT_IN_ONE_CHANGE}`,
        alike: {
          subject: pair,
          noun: "connections",
          summarize: (pairs) =>
            richText`${pairs} are deleted by ID. Sharing stops, although other resources adopt or manage them. Do not apply these changes. ${remedies} ${NOT_IN_ONE_CHANGE}`,
        },
      },
    ];
  });
}

/**
 * Finds pairs that several hosts of one stack newly declare. A host is a process of this package. All dynamic resources of the
 * stack have one host, and each provider of the plugin has its own. A host refuses a pair that its resources declare twice, but
 * does not know the resources of other hosts.
 */
export function findDeclaredTwice(changes: readonly Change[]): Warning[] {
  const added = changes.filter(
    ({ kind, tool, adoptedFrom }) =>
      isOwnTool({ tool }) && (kind === "create" || (kind === "adopt" && adoptedFrom === undefined)),
  );
  const byPair = new PairIndex(added, ({ after }) => after);
  return added.flatMap((change): Warning[] => {
    const { after } = change;
    if (!after) return [];
    const ofPair = byPair.listSame(after).filter(({ location }) => location === change.location);
    // One warning for each pair, at its first change.
    if (ofPair[0] !== change || ofPair.every((other) => isSameHost(change, other))) return [];
    const owners = ofPair.map(({ resource: name, ...rest }) => formatOwner({ ...rest, name }));
    const both = owners.length === 2 ? "both" : "all";
    return [
      {
        code: "declared-twice",
        sentence: richText`${joinList(owners)} ${both} declare ${formatPair(after)}. A pair can have only one connection: the second create fails, and with ${{ code: "adopt: true" }} ${both} would manage the connection. Keep one of them.`,
        alike: {
          subject: formatPair(after),
          noun: "connections",
          summarize: (pairs) =>
            richText`Several resources declare each of ${pairs}. A pair can have only one connection. Keep one resource for each pair.`,
        },
      },
    ];
  });
}

const NOT_IN_ONE_CHANGE =
  "Then create a new preview. Never delete a resource and adopt its connection in one change.";

/**
 * Finds changes of connections of which Terraform knows only the ID. The plan replaces such a connection, or does not show what the
 * connection shares.
 */
export function findImportsById(changes: readonly Change[]): Warning[] {
  return changes.flatMap(({ importedById, connectionId, kind, resource: name, ...rest }): Warning[] => {
    if (importedById === undefined || connectionId === undefined) return [];
    const owner = { ...rest, name };
    const isReplaced = kind === "replace";
    const effect = isReplaced
      ? "So the plan deletes the connection, even if the configuration describes exactly this connection, and creates another one."
      : "So the plan shows neither the destination of the connection nor its current types.";
    const effects = isReplaced
      ? "So the plan deletes the connections, even if the configuration describes exactly these connections, and creates others."
      : "So the plan shows neither the destinations of the connections nor their current types.";
    return [
      {
        code: "import-by-id",
        sentence: richText`${formatOwner(owner)} has only the ID of connection ${{ code: connectionId }}: an import with the official provider reads nothing else. ${effect} Do not apply this plan. ${formatRemedy(importedById, "the connection", richText`Remove ${formatOwner(owner)} from its state without deleting the connection: ${formatStateRemoval(owner)}.`)}`,
        alike: {
          subject: [{ code: name }],
          noun: "resources",
          summarize: (resources) =>
            richText`${resources} have only the IDs of their connections: an import with the official provider reads nothing else. ${effects} Do not apply this plan. ${formatRemedy(importedById, "the connections", richText`Remove the resources from their states without deleting the connections (${{ code: "terraform state rm" }}, or a ${{ code: "removed" }} block with ${{ code: "destroy = false" }}).`)}`,
        },
      },
    ];
  });
}

/**
 * Formats the remedy. If this plan imports the connection, the plan can be discarded. After an earlier import, the resource must be
 * removed from the state.
 */
function formatRemedy(
  importedById: NonNullable<Change["importedById"]>,
  connections: "the connection" | "the connections",
  removal: RichText,
): RichText {
  const firstStep =
    importedById === "plan"
      ? connections === "the connection"
        ? richText`Remove the ${{ code: "import" }} block and the resource block from the configuration.`
        : richText`Remove the ${{ code: "import" }} blocks and the blocks of these resources from the configuration.`
      : removal;
  return richText`${firstStep} Then adopt ${connections} with ${{ code: "pulumi-datadog-org-connections" }} (${{ code: "adopt: true" }}), or leave ${connections === "the connection" ? "it" : "them"} unmanaged.`;
}
