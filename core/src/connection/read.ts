import { OrgConnectionsError } from "../api/org-connections-error.js";
import { requireAllowedCaller } from "../operation/prove-caller.js";
import { formatNotice } from "./notices.js";
import { pick } from "./field.js";
import { buildState, deriveInputs, INPUTS } from "./fields.js";
import { findById, findByPair } from "./existing.js";
import { formatConnection, describeRecreation } from "./format-connection.js";
import { runWithRotationHint } from "../credentials/rotation-hint.js";
import type { Incomplete, State, Inputs } from "./types.js";
import type { Session } from "../operation/session.js";
import type { OperationContext } from "../operation/operation-context.js";

/** The state of the live connection, and the inputs that declare it. Undefined if the connection is proven to be gone. */
export type ReadResult = { state: State; inputs: Inputs } | undefined;

/**
 * What to do if the credentials belong to the destination and do not list the connection. A `get` may use these credentials. Any
 * other resource needs the credentials of the source. The state does not show whether the resource is a `get`.
 */
const DESTINATION_ADVICE =
  "These are the credentials of the destination. If the resource is a `get`, its connection is gone: remove the `get` from the program, " +
  "then run either `pulumi up` without --refresh or `pulumi state delete`. Otherwise, set the credentials of the source.";

/**
 * Reads the live connection. The API has no call for a single connection (https://docs.datadoghq.com/api/latest/org-connections/),
 * so this function searches the shared listing of the organization for the ID. A connection counts as gone only if both are true:
 *
 * - A complete listing, requested after this read started, lacks the connection.
 * - The credentials are proven to belong to the source organization.
 *
 * A failure never counts as proof that the connection is gone.
 *
 * @param olds - the state. A new `get` (a call of `OrgConnection.get` in the program) has at most `source`
 * @throws `connection-not-found` if the ID is not listed, and the state lacks the source or destination UUID, as for a new `get`
 * @throws `wrong-organization`, `organization-unproven`, and the errors of the credentials and of a request
 */
export async function read(
  context: OperationContext,
  connectionId: string,
  olds: Incomplete<State>,
): Promise<ReadResult> {
  // Claim the connection before the first await. Otherwise, an exclusive set that is read concurrently may record it as undeclared.
  // A new `get`, which has at most `source`, claims nothing.
  if (olds.sinkOrgId !== undefined) context.ledger.claim(connectionId, olds.source);
  const session = context.getSession(olds.source, { isFromState: olds.sinkOrgId !== undefined });
  return runWithRotationHint(session.credentials, async () => {
    const sequence = session.getSequence();
    const live =
      findById(await session.getListing(), connectionId) ??
      findById(await session.getListingSince(sequence), connectionId);
    if (live) {
      const sinkOrgId = live.sink?.id ?? olds.sinkOrgId;
      if (sinkOrgId === undefined) throw createMissingSinkError(session, connectionId);
      const connectionTypes = olds.typesUnspecified === true ? undefined : live.connectionTypes;
      const state = buildState({ ...pick(olds, INPUTS), sinkOrgId, connectionTypes }, live, olds);
      return { state, inputs: deriveInputs(state) };
    }
    const { sourceOrgId, sinkOrgId } = olds;
    if (sourceOrgId === undefined || sinkOrgId === undefined) {
      throw new OrgConnectionsError("connection-not-found", {
        happened: `Datadog lists no connection ${connectionId} for ${session.credentials.label}.`,
        advice:
          "Check the ID and `source`. getOrgConnections() lists the connections that these credentials can see.",
      });
    }
    const purpose = `Reading ${formatConnection(connectionId, olds)}`;
    await requireAllowedCaller(session, [sourceOrgId], purpose, (caller) =>
      caller === sinkOrgId ? DESTINATION_ADVICE : undefined,
    );
    const recreated = findByPair(await session.getListingSince(sequence), sourceOrgId, sinkOrgId);
    const sentence = `The ${formatConnection(connectionId, olds)} is gone${describeRecreation(recreated)}`;
    context.warn(formatNotice(sentence, { kind: "gone", connectionId }));
    return undefined;
  });
}

/**
 * Creates the error for a new `get` whose connection Datadog lists without its destination. A response may omit relationships
 * (https://docs.datadoghq.com/api/latest/org-connections/). Other reads take the destination from the state.
 */
function createMissingSinkError({ credentials }: Session, connectionId: string): OrgConnectionsError {
  return new OrgConnectionsError("unexpected-response", {
    happened: `Datadog's list for ${credentials.label} contains connection ${connectionId} without its destination.`,
    advice: "Run the command again.",
  });
}
