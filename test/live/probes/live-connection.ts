import { setTimeout as sleep } from "node:timers/promises";
import { findConnection, findRow, isSuccess, listRows, readEnd, readId } from "../requests/connection-row.js";
import type { Observation } from "../requests/send-request.js";
import type { Step } from "./evidence.js";
import { deleteById, list, probe, type ProbeContext } from "./probe-context.js";

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
