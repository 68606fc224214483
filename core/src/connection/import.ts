import { isUuid } from "../api/uuid.js";
import type { OperationContext } from "../operation/operation-context.js";
import { buildState, deriveInputs } from "./fields.js";
import { findConnectionById } from "./import-by-id.js";
import { findConnectionByPair } from "./import-by-pair.js";
import type { Inputs, State } from "./types.js";

/** An imported connection: its ID, its state, and the inputs that declare it. */
export interface ImportResult {
  connectionId: string;
  state: State;
  inputs: Inputs;
}

/**
 * Finds the live connection to import, or to read for a `get`. Changes nothing in Datadog. The imports of an operation share the
 * listing of each organization for up to a minute.
 *
 * @param id - the UUID of the connection, or `SOURCE/SINK`
 * @throws `connection-not-found`, `wrong-organization`, `organization-unproven`, `unknown-source`, `organization-ambiguous`,
 *   `invalid-input`, `unexpected-response`, and the errors of the credentials and of a request
 */
export async function findConnectionToImport(context: OperationContext, id: string): Promise<ImportResult> {
  const {
    source: { source },
    connection,
  } = isUuid(id.trim().toLowerCase())
    ? await findConnectionById(context, id.trim().toLowerCase())
    : await findConnectionByPair(context, id);
  // A connection without types was created before types existed. Datadog chooses its shared data.
  const connectionTypes = connection.connectionTypes.length > 0 ? connection.connectionTypes : undefined;
  const inputs = { source, sinkOrgId: connection.sink.id, connectionTypes };
  const state = buildState(inputs, connection);
  return { connectionId: connection.id, state, inputs: deriveInputs(state) };
}
