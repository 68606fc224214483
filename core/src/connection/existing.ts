import type { Listing } from "../api/paging.js";
import type { Connection } from "../api/parse.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { proveCaller } from "../operation/prove-caller.js";
import { formatTypes } from "./format-connection.js";
import type { Session } from "../operation/session.js";
import type { Inputs, Endpoints } from "./types.js";
import type { OperationContext } from "../operation/operation-context.js";

/**
 * Finds the live connection of the declared pair. If the caller is not proven, and only one connection leads to the destination,
 * returns that connection. A listing contains only connections from and to the caller. So the source of this connection is the
 * caller, unless the credentials belong to the destination.
 */
export async function findExisting(
  session: Session,
  listing: Listing,
  inputs: Inputs,
): Promise<Connection | undefined> {
  const toSink = listing.connections.filter(({ sink }) => sink?.id === inputs.sinkOrgId);
  if (toSink.length === 0) return undefined;
  const caller = await proveCaller(session);
  if (caller !== undefined) return findByPair(listing, caller, inputs.sinkOrgId);
  return toSink.length === 1 ? toSink[0] : undefined;
}

/** Whether the program (`adopt`) or the environment (for this run) allows the adoption of an existing connection. */
export function isAdopting(context: OperationContext, inputs: Inputs): boolean {
  return inputs.adopt === true || context.isAdoptingAll();
}

/** Formats an existing connection for messages: `connection … (logs), created by … on …`. */
export function formatExisting({ id, connectionTypes, createdBy, createdAt }: Connection): string {
  const creator = createdBy ? `created by ${createdBy.name ?? createdBy.id}` : "created by an unknown user";
  return `connection ${id} (${formatTypes(connectionTypes)}), ${creator} on ${createdAt.slice(0, 10)}`;
}

/**
 * Creates the error for a pair that already has a connection. The error describes the connection if `existing` is given.
 *
 * @param existing - undefined if the connection cannot be identified
 * @param options - `mayBeCreatedHere`: whether a create of this pair has an unknown outcome. @default false
 */
export function createPairExistsError(
  { receivesResourceOptions }: OperationContext,
  session: Session,
  inputs: Inputs,
  existing: Connection | undefined,
  { mayBeCreatedHere = false }: { mayBeCreatedHere?: boolean } = {},
): OrgConnectionsError {
  const found = existing
    ? formatExisting(existing)
    : "Datadog reports that the connection exists, but it cannot be identified in the list that these credentials can read";
  // If check does not receive `deleteBeforeReplace`, the preview would still fail, so the advice needs `checks: offline`.
  const offlineChecks = receivesResourceOptions ? "" : " and the setting `checks: offline`";
  return new OrgConnectionsError(
    "pair-exists",
    {
      happened:
        `${formatSentenceStart(session)} already shares data with ` +
        `${existing?.sink?.name ?? inputs.sinkOrgId}: ${found}. ` +
        (mayBeCreatedHere ? "It is unknown whether this operation created it." : "Nothing was changed."),
      advice: existing
        ? `If the resource was renamed, give it \`aliases\` with its old name. ` +
          `If it is being replaced on purpose (--replace, taint), set \`deleteBeforeReplace: true\`${offlineChecks} for this run. ` +
          `To adopt existing connections, set \`adopt: true\`, or set DATADOG_ORG_CONNECTIONS_ADOPT=true for one run.`
        : "Run the command again. If the error persists, run `datadog-org-connections doctor`, which checks these credentials.",
    },
    { status: 409 },
  );
}

/** Creates the error for a pair whose connection this operation is still deleting. */
export function createDeletionPendingError(
  session: Session,
  { sinkOrgId }: Inputs,
  existing: Connection,
): OrgConnectionsError {
  return new OrgConnectionsError(
    "pair-exists",
    {
      happened:
        `${formatSentenceStart(session)} still shares data with ${existing.sink?.name ?? sinkOrgId}: ` +
        `${formatExisting(existing)}. This operation is deleting it, so no other connection could be created yet.`,
      advice: "Run `pulumi up` again.",
    },
    { status: 409 },
  );
}

const formatSentenceStart = ({ credentials: { label } }: Session): string =>
  `${label.charAt(0).toUpperCase()}${label.slice(1)}`;

/** The connections of each listing, by ID in lower case. Without an index, each resource would search the whole listing. */
const indexes = new WeakMap<Listing, Map<string, Connection>>();

/** Finds the live connection with this ID. A program may pass an ID in upper case to `get`. */
export function findById(listing: Listing, connectionId: string): Connection | undefined {
  const index =
    indexes.get(listing) ??
    new Map(listing.connections.map((connection) => [connection.id.toLowerCase(), connection]));
  indexes.set(listing, index);
  return index.get(connectionId.toLowerCase());
}

/**
 * Finds the live connection from a source to a destination. There is at most one, because Datadog refuses a second one with 409
 * (https://docs.datadoghq.com/api/latest/org-connections/).
 */
export function findByPair(
  { connections }: Listing,
  sourceOrgId: string,
  sinkOrgId: string,
): Connection | undefined {
  return connections.find(({ source, sink }) => source?.id === sourceOrgId && sink?.id === sinkOrgId);
}

/** Finds the live connection from the source to the destination of a state. Returns undefined if the state lacks one of them. */
export function findByEndpoints(
  listing: Listing,
  { sourceOrgId, sinkOrgId }: Endpoints,
): Connection | undefined {
  return sourceOrgId === undefined || sinkOrgId === undefined
    ? undefined
    : findByPair(listing, sourceOrgId, sinkOrgId);
}
