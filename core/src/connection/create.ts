import type { Listing } from "../api/paging.js";
import type { Connection } from "../api/parse.js";
import { isOrgConnectionsError, OrgConnectionsError } from "../api/org-connections-error.js";
import { isCreatedByThisOperation } from "./attribution.js";
import { changeTypes } from "./update.js";
import {
  createDeletionPendingError,
  createPairExistsError,
  findExisting,
  isAdopting,
  findByPair,
} from "./existing.js";
import { proveCaller, requireConfiguredId } from "../operation/prove-caller.js";
import { hasSameTypes } from "./inputs.js";
import { isUnknownOutcome } from "./failure-certainty.js";
import { buildState } from "./fields.js";
import type { Session } from "../operation/session.js";
import type { CreateResult, Inputs } from "./types.js";
import type { OperationContext } from "../operation/operation-context.js";

/** The maximum count of attempts to create one connection. See {@link sendCreate}. */
const MAX_ATTEMPTS = 3;

/**
 * Creates a connection, or adopts the existing connection of the pair if the program or the environment allows it. If the adoption
 * is not allowed, the error says what to do next.
 *
 * @throws `pair-exists`, `outcome-unknown`, `wrong-organization`, `organization-unproven`, and the errors of the credentials and of
 *   a request
 */
export async function create(context: OperationContext, inputs: Inputs): Promise<CreateResult> {
  context.ledger.startChanges();
  const session = context.getSession(inputs.source);
  const baseline = await session.getBaselineListing();
  await requireConfiguredId(session, `Creating the connection to ${inputs.sinkOrgId}`);

  const adoptable = isAdopting(context, inputs)
    ? await findAdoptable(context, session, baseline, inputs)
    : undefined;
  const live = adoptable
    ? await adoptExisting(context, session, inputs, adoptable)
    : await sendCreate(context, session, baseline, inputs);
  context.ledger.claim(live.id, inputs.source);
  // The response may omit relationships (https://docs.datadoghq.com/api/latest/org-connections/), but read and delete need the
  // source. If the source stays unknown, continue, because the connection exists and its ID must reach the state.
  const sourceOrgId = live.source?.id ?? (await proveCaller(session).catch(() => undefined));
  return { connectionId: live.id, state: buildState(inputs, live, { sourceOrgId }) };
}

/**
 * Finds the live connection of the pair. Returns undefined in these cases:
 *
 * - The pair had no connection at the start of this operation.
 * - This operation is deleting the live connection.
 * - The caller is not proven. It may be the destination. If so, each listed connection to the destination comes from another
 *   organization.
 */
async function findAdoptable(
  context: OperationContext,
  session: Session,
  baseline: Listing,
  { sinkOrgId }: Inputs,
): Promise<Connection | undefined> {
  if (!baseline.connections.some(({ sink }) => sink?.id === sinkOrgId)) return undefined;
  const caller = await proveCaller(session);
  if (caller === undefined || !findByPair(baseline, caller, sinkOrgId)) return undefined;
  const listing = await (context.ledger.needsNewListingToAdopt
    ? session.getNextListing()
    : session.getListing());
  const adoptable = findByPair(listing, caller, sinkOrgId);
  return adoptable && !context.ledger.isDeleted(adoptable.id) ? adoptable : undefined;
}

/**
 * Sends the create. If the outcome is unknown or the pair already has a connection, finds the live connection of the pair:
 *
 * - If there is none, or if this operation is deleting it, sends the create again, up to {@link MAX_ATTEMPTS} times in all.
 * - If this operation created the connection, returns it.
 * - Otherwise, adopts the connection if the program or the environment allows it.
 */
async function sendCreate(
  context: OperationContext,
  session: Session,
  baseline: Listing,
  inputs: Inputs,
): Promise<Connection> {
  let unknownOutcome: OrgConnectionsError | undefined;
  let deleting: Connection | undefined;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    try {
      const live = await session.write((client) => client.create(inputs.sinkOrgId, inputs.connectionTypes));
      session.userId = live.createdBy?.id ?? session.userId;
      return live;
    } catch (error) {
      if (isUnknownOutcome(error)) unknownOutcome = error;
      else if (isOrgConnectionsError(error, "not-found"))
        throw createUnknownSinkError(session, inputs, error);
      else if (!isOrgConnectionsError(error, "conflict")) {
        // An earlier attempt with an unknown outcome may have taken effect.
        throw unknownOutcome ? createOutcomeUnknownError(session, inputs, unknownOutcome) : error;
      }
    }
    const existing = await findLiveAfterFailure(session, inputs, unknownOutcome);
    if (!existing || context.ledger.isDeleted(existing.id)) {
      // The next attempt may succeed, because the pair has no connection or its connection is being deleted.
      deleting = existing;
      continue;
    }
    const isCreatedHere =
      unknownOutcome !== undefined &&
      isCreatedByThisOperation(existing, baseline, session.userId, inputs.connectionTypes, context.ledger);
    return isCreatedHere
      ? existing
      : await adoptExisting(context, session, inputs, existing, {
          mayBeCreatedHere: unknownOutcome !== undefined,
        });
  }
  if (unknownOutcome) throw createOutcomeUnknownError(session, inputs, unknownOutcome);
  throw deleting
    ? createDeletionPendingError(session, inputs, deleting)
    : createPairExistsError(context, session, inputs, undefined);
}

/**
 * Finds the live connection of the pair after a failed attempt.
 *
 * @throws the error of this read, or `outcome-unknown` if the outcome of an attempt is unknown
 */
async function findLiveAfterFailure(
  session: Session,
  inputs: Inputs,
  unknownOutcome: OrgConnectionsError | undefined,
): Promise<Connection | undefined> {
  try {
    return await findExisting(session, await session.getListingSince(session.getSequence()), inputs);
  } catch (error) {
    throw unknownOutcome ? createOutcomeUnknownError(session, inputs, unknownOutcome) : error;
  }
}

/**
 * Adopts a connection if the program or the environment allows it. If types are declared, changes its types to the declared types.
 *
 * @param options - `mayBeCreatedHere`: whether a create of this pair has an unknown outcome. @default false
 * @throws `pair-exists` if the adoption is not allowed, and the errors of the change of types
 */
async function adoptExisting(
  context: OperationContext,
  session: Session,
  inputs: Inputs,
  existing: Connection,
  options: { mayBeCreatedHere?: boolean } = {},
): Promise<Connection> {
  if (!isAdopting(context, inputs)) throw createPairExistsError(context, session, inputs, existing, options);
  const types = inputs.connectionTypes;
  return context.ledger.adopt(existing.id, async () => {
    if (!types || hasSameTypes(types, existing.connectionTypes)) return existing;
    const { connectionTypes } = await changeTypes(session, existing.id, types);
    return { ...existing, connectionTypes };
  });
}

function createUnknownSinkError(
  session: Session,
  inputs: Inputs,
  error: OrgConnectionsError,
): OrgConnectionsError {
  return new OrgConnectionsError(
    "not-found",
    {
      happened:
        `Datadog does not allow ${session.credentials.label} to share data with ${inputs.sinkOrgId}: no organization of the same ` +
        `account and site has this UUID.`,
      advice: "Check `sinkOrgId`. Use the function getOrganization to find it.",
      detail: `(${String(error.facts.call)}: 404)`,
    },
    { ...error.facts, property: "sinkOrgId" },
  );
}

function createOutcomeUnknownError(
  session: Session,
  inputs: Inputs,
  unknownOutcome: OrgConnectionsError,
): OrgConnectionsError {
  return new OrgConnectionsError(
    "outcome-unknown",
    {
      happened:
        `It is unknown whether ${session.credentials.label} now shares data with ${inputs.sinkOrgId}: the create got no valid ` +
        `response. ${unknownOutcome.happened}`,
      advice:
        "Run `pulumi up` again. If it reports `pair-exists` for a connection that did not exist before the failed run, run " +
        "`pulumi up` once with DATADOG_ORG_CONNECTIONS_ADOPT=true.",
      ...(unknownOutcome.detail !== undefined && { detail: unknownOutcome.detail }),
    },
    unknownOutcome.facts,
  );
}
