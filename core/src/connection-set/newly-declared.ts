import { isOrgConnectionsError, OrgConnectionsError } from "../api/org-connections-error.js";
import type { Listing } from "../api/paging.js";
import { toCertainFailure } from "../connection/failure-certainty.js";
import { findByPair } from "../connection/find-connection.js";
import { reportExisting } from "../connection/preview-checks.js";
import { UNKNOWN } from "../connection/types.js";
import type { OperationContext } from "../operation/operation-context.js";
import { getRequestedSnapshot } from "../operation/preview-snapshot.js";
import type { Session } from "../operation/session.js";
import { toConnectionInputs } from "./fields.js";
import type { SetInputs, SetState } from "./types.js";

/**
 * Warns that the update will adopt each existing connection to a newly declared destination. Check cannot do this.
 * It gets only the old inputs, which do not show the members in two cases:
 *
 * - After an update that failed in part, the old inputs may lack members, whose destinations then seem new.
 * - After a refresh, the old inputs may contain undeclared connections, whose destinations then do not seem new.
 *
 * @throws `pair-exists` if an existing connection must not be adopted
 * @throws an error of the preview checks if the update would certainly fail in the same way
 */
export async function reportNewlyDeclared(
  context: OperationContext,
  olds: SetState,
  inputs: SetInputs,
): Promise<void> {
  if (inputs.source === UNKNOWN) return;
  const newSinks = Object.keys(inputs.connections).filter(
    (sink) =>
      !olds.members[sink] &&
      context.ledger.mustReportExistingOfSet(inputs.source, sink, {
        isUndeclared: olds.undeclared?.[sink] !== undefined,
      }),
  );
  if (newSinks.length === 0 || context.getCheckMode() === "offline") return;
  const session = context.getSession(inputs.source);
  const listing = await loadBaseline(session);
  if (!listing) return;
  const refusals: OrgConnectionsError[] = [];
  for (const sink of newSinks) {
    const existing = findByPair(listing, olds.sourceOrgId, sink);
    try {
      if (existing) reportExisting(context, session, toConnectionInputs(inputs, sink), existing);
    } catch (error) {
      if (!isOrgConnectionsError(error)) throw error;
      refusals.push(error);
    }
  }
  const [first] = refusals;
  if (first) throw mergeRefusals(first, refusals);
}

/**
 * Returns the listing of the preview checks. Returns undefined after an error if the update may still succeed.
 *
 * @throws an error with which the update would certainly fail
 */
async function loadBaseline(session: Session): Promise<Listing | undefined> {
  try {
    // If the requests of the preview checks failed, this call throws their error instead of sending the requests again.
    await getRequestedSnapshot(session);
    return await session.getBaselineListing();
  } catch (error) {
    const failure = toCertainFailure(error);
    if (failure) throw failure;
    return undefined;
  }
}

/** Merges the errors of one or more destinations. These errors have the same code and advice. */
const mergeRefusals = (
  first: OrgConnectionsError,
  all: readonly OrgConnectionsError[],
): OrgConnectionsError =>
  new OrgConnectionsError(
    first.code,
    { happened: all.map(({ happened }) => happened).join(" "), advice: first.advice, detail: first.detail },
    first.facts,
  );
