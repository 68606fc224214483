import {
  findConnection,
  findRow,
  isSuccess,
  listRows,
  readEnd,
  readId,
  type Observation,
} from "./read-response.js";
import { setTimeout as sleep } from "node:timers/promises";
import type { LiveInputs } from "../inputs.js";
import type { Authenticate, ProbeRequest, SendRequest } from "./send-request.js";

/** What was seen: one response for each step of the probes. A step without a complete response is missing. */
export type Evidence = Partial<Record<Step, Observation>> & {
  sourceOrgId: string;
  sinkOrgId: string;
  /** The connection that most steps are about, as the API spelled its ID. */
  connectionId?: string | undefined;
  /** An earlier connection of the same pair. */
  earlierConnectionId?: string | undefined;
  /** The ID in the requests about a connection that does not exist. */
  unusedId?: string | undefined;
  /** Why steps were left out, by the name of the credentials that they need. */
  missing: Partial<Record<Requirement, string>>;
};

/** What some steps need besides the credentials of both organizations. */
export type Requirement = "keys" | "token" | "identity" | "readonly" | "other" | "unmapped";

/** The steps, each named after its request. */
export const STEPS = [
  "organizations",
  "organizationsFiltered",
  "validate",
  "validateWithoutKey",
  "validateUnknownKey",
  "validateKeys",
  "applicationKeys",
  "withoutCredentials",
  "apiKeyOnly",
  "appKeyOnly",
  "unknownKeys",
  "unknownToken",
  "keysInQuery",
  "token",
  "tokenAsAppKey",
  "tokenWithKeys",
  "exchange",
  "exchangeUnknown",
  "exchangeUnmapped",
  "accessToken",
  "readonlyList",
  "readonlyCreate",
  "limitZero",
  "limitAbove",
  "offsetNegative",
  "filterMalformed",
  "createMalformedSink",
  "createUnknownSink",
  "createOwn",
  "createRepeated",
  "createEmpty",
  "createMalformed",
  "createUnknownType",
  "createWithoutTypes",
  "create",
  "createAgain",
  "listFirst",
  "list",
  "listOfSink",
  "listSinkFilter",
  "listSourceFilter",
  "listOtherSink",
  "listOtherSource",
  "listUpperCase",
  "listLimitOne",
  "listBeyond",
  "update",
  "listUpdatedFirst",
  "listUpdated",
  "updateRepeated",
  "updateEmpty",
  "updateMalformed",
  "updateOtherId",
  "updateOtherCase",
  "updateBySink",
  "updateByOther",
  "updateUnknownType",
  "updateMissing",
  "deleteMalformed",
  "deleteMissing",
  "deleteByOther",
  "deleteBySink",
  "deleteBySource",
  "listDeletedFirst",
  "listDeleted",
  "deleteAgain",
] as const;
export type Step = (typeof STEPS)[number];

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

/** How often a list is read until it shows a write, and the wait between two lists, in milliseconds. */
const MAX_LISTS = 6;
const WAIT_MS = 400;

/** Reads a list until it satisfies a condition. Returns the last one. */
export async function listUntil(
  { sendRequest, authenticate }: Pick<ProbeContext, "sendRequest" | "authenticate">,
  isExpected: (observation: Observation) => boolean,
): Promise<Observation | undefined> {
  let last: Observation | undefined;
  for (let count = 1; count <= MAX_LISTS; count++) {
    last = await sendRequest({ ...list(), headers: await authenticate.source() });
    if (last && isExpected(last)) return last;
    await sleep(WAIT_MS * count);
  }
  return last;
}

/**
 * Reads the list of the source organization twice after a write. The first one may lag behind; the second one is read again until
 * it shows the write.
 */
export async function listTwice(
  context: ProbeContext,
  first: Step,
  second: Step,
  isExpected: (observation: Observation) => boolean,
): Promise<Observation | undefined> {
  await probe(context, first, context.authenticate.source, list());
  const observation = await listUntil(context, isExpected);
  if (observation) context.evidence[second] = observation;
  return observation;
}

/**
 * Finds the ID of the connection of the pair: in the response to its create, or else in the list. Reads the list in any case,
 * because the gateway finds a connection there if the response to its create has an unexpected shape.
 */
export async function findCreatedId(
  context: ProbeContext,
  created: Observation | undefined,
  known: readonly string[],
): Promise<string | undefined> {
  const id = isSuccess(created) ? readId(findConnection(created)) : undefined;
  const find = (one: Observation | undefined) =>
    id === undefined ? findPair(context, one, known) : findRow(one, id);
  const observation = await listUntil(context, (one) => find(one) !== undefined);
  return id ?? readId(find(observation));
}

/** Finds a connection of the pair that was not there before. */
function findPair(
  { evidence }: ProbeContext,
  observation: Observation | undefined,
  known: readonly string[],
): unknown {
  return listRows(observation)?.find((row) => {
    const [source, sink] = [readEnd(row, "source_org"), readEnd(row, "sink_org")];
    return (
      !known.includes(readId(row)?.toLowerCase() ?? "") &&
      (source === undefined || source === evidence.sourceOrgId) &&
      (sink === undefined || sink === evidence.sinkOrgId)
    );
  });
}

/**
 * Deletes a connection with the credentials of the source organization, and waits until the list no longer has it. If it stays, the
 * destination organization deletes it, because the next create of the pair would be refused.
 */
export async function deleteUntilGone(context: ProbeContext, id: string): Promise<void> {
  const { authenticate, sendRequest } = context;
  await probe(context, "deleteBySource", authenticate.source, deleteById(id));
  const listed = await listUntil(context, (observation) => isAbsent(observation, id));
  if (isAbsent(listed, id)) return;
  await sendRequest({ ...deleteById(id), headers: await authenticate.sink() });
  await listUntil(context, (observation) => isAbsent(observation, id));
}

/** Whether a readable list does not have a connection. */
export const isAbsent = (observation: Observation | undefined, id: string): boolean =>
  listRows(observation) !== undefined && findRow(observation, id) === undefined;
