import type { Authenticate } from "../requests/authenticate.js";
import type { Observation, ProbeRequest, SendRequest } from "../requests/send-request.js";
import type { LiveInputs } from "../inputs/resolve-inputs.js";
import type { Evidence, Step } from "./evidence.js";

const CONNECTIONS = "/api/v2/org_connections";

/** What all probes share. */
export interface ProbeContext {
  inputs: LiveInputs;
  sendRequest: SendRequest;
  authenticate: { source: Authenticate; sink: Authenticate };
  evidence: Evidence;
  /** Generates an ID that nothing has. */
  createUnusedId(): string;
}

/** Sends the request of a step, and records its response. */
export async function probe(
  context: ProbeContext,
  step: Step,
  authenticate: Authenticate,
  request: ProbeRequest,
): Promise<Observation | undefined> {
  const headers = { ...(await authenticate()), ...request.headers };
  const observation = await context.sendRequest({ ...request, headers });
  if (observation) context.evidence[step] = observation;
  return observation;
}

/** Lists the connections of an organization. */
export const list = (query?: Record<string, string>): ProbeRequest => ({
  method: "GET",
  path: CONNECTIONS,
  ...(query && { query }),
});

/** Creates a connection. Any value can be the types, to see how the API refuses them. */
export const create = (sinkOrgId: string, types?: unknown): ProbeRequest => ({
  method: "POST",
  path: CONNECTIONS,
  body: {
    data: {
      type: "org_connection",
      ...(types !== undefined && { attributes: { connection_types: types } }),
      relationships: { sink_org: { data: { type: "orgs", id: sinkOrgId } } },
    },
  },
});

/** Updates a connection. */
export const update = (id: string, types: unknown, idInBody = id): ProbeRequest => ({
  method: "PATCH",
  path: `${CONNECTIONS}/${id}`,
  body: { data: { type: "org_connection", id: idInBody, attributes: { connection_types: types } } },
});

/** Deletes a connection. */
export const deleteById = (id: string): ProbeRequest => ({ method: "DELETE", path: `${CONNECTIONS}/${id}` });
