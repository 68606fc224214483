import { findRow, isSuccess, listRows, readId, readTypes, type Observation } from "./read-response.js";
import { MALFORMED_ID } from "../gateway/gate.js";
import { LiveError } from "../inputs.js";
import {
  create,
  deleteById,
  deleteUntilGone,
  findCreatedId,
  isAbsent,
  list,
  listTwice,
  probe,
  type ProbeContext,
  type Step,
  update,
} from "./probe.js";
import { findExtra, probeExtras, probeReads } from "./read-probes.js";
import { type Authenticate, createAuthenticate } from "./send-request.js";

/** Runs all probes. Returns why they ended early, or `undefined`. */
export async function runProbes(
  context: ProbeContext,
  logLine: (line: string) => void,
): Promise<string | undefined> {
  try {
    logLine("Probing what needs no connection …");
    await probeReads(context);
    await probeExtras(context);
    logLine("Probing creates, updates and deletes …");
    await probeCreates(context);
    await probeConnection(context);
    return undefined;
  } catch (error) {
    if (error instanceof LiveError) return error.message;
    throw error;
  }
}

/** A type that is not documented. */
const UNKNOWN_TYPE = "live_test_unknown";
const MALFORMED_TYPES = [42];

/** The creates that are refused, or should be. The pair must not be connected, and is not afterward. */
async function probeCreates(context: ProbeContext): Promise<void> {
  const { source, sink } = context.authenticate;
  const { organizationId: sinkId } = context.inputs.sink;
  await createAndRemove(context, "createMalformedSink", source, MALFORMED_ID, ["logs"]);
  await createAndRemove(context, "createUnknownSink", source, context.createUnusedId(), ["logs"]);
  // The destination itself creates it: the gateway forwards no other destination organization.
  await createAndRemove(context, "createOwn", sink, sinkId, ["logs"]);
  await createAndRemove(context, "createRepeated", source, sinkId, ["logs", "logs"]);
  await createAndRemove(context, "createEmpty", source, sinkId, []);
  await createAndRemove(context, "createMalformed", source, sinkId, MALFORMED_TYPES);
  await createAndRemove(context, "createUnknownType", source, sinkId, ["logs", UNKNOWN_TYPE]);
  context.evidence.earlierConnectionId = await createAndRemove(context, "createWithoutTypes", source, sinkId);
}

/** Creates a connection. If the API allows it, deletes it, and returns its ID. */
async function createAndRemove(
  context: ProbeContext,
  step: Step,
  authenticate: Authenticate,
  sinkOrgId: string,
  types?: unknown,
): Promise<string | undefined> {
  const known = await listIds(context);
  const created = await probe(context, step, authenticate, create(sinkOrgId, types));
  if (!isSuccess(created)) return undefined;
  const id = await findCreatedId(context, created, known);
  if (id !== undefined) await deleteUntilGone(context, id);
  return id;
}

/** The life of one connection: created, listed, updated by several callers, and deleted by its destination. */
async function probeConnection(context: ProbeContext): Promise<void> {
  const { evidence, authenticate, inputs } = context;
  const known = await listIds(context);
  const created = await probe(
    context,
    "create",
    authenticate.source,
    create(inputs.sink.organizationId, ["logs", "metrics"]),
  );
  if (!isSuccess(created)) return;
  const hasNew = (observation: Observation) => listNewIds(observation, known).length > 0;
  await listTwice(context, "listFirst", "list", hasNew);
  const id = await findCreatedId(context, created, known);
  evidence.connectionId = id;
  if (id === undefined) return;
  await probeSecondCreate(context, id);
  await probeLists(context);
  await probeUpdates(context, id);
  await probeDeletes(context, id);
}

/** Connects the pair once more. If the API allows it, deletes the second connection. */
async function probeSecondCreate(context: ProbeContext, id: string): Promise<void> {
  const { authenticate, inputs } = context;
  const known = await listIds(context);
  const again = create(inputs.sink.organizationId, ["logs"]);
  const created = await probe(context, "createAgain", authenticate.source, again);
  if (!isSuccess(created)) return;
  const secondId = await findCreatedId(context, created, known);
  if (secondId !== undefined && secondId.toLowerCase() !== id.toLowerCase())
    await deleteUntilGone(context, secondId);
}

async function probeLists(context: ProbeContext): Promise<void> {
  const { source, sink } = context.authenticate;
  const { sourceOrgId, sinkOrgId } = context.evidence;
  await probe(context, "listOfSink", sink, list());
  await probe(context, "listSinkFilter", source, list({ sink_org_id: sinkOrgId }));
  await probe(context, "listSourceFilter", source, list({ source_org_id: sourceOrgId }));
  await probe(context, "listOtherSink", source, list({ sink_org_id: context.createUnusedId() }));
  await probe(context, "listOtherSource", source, list({ source_org_id: context.createUnusedId() }));
  await probe(context, "listUpperCase", source, list({ sink_org_id: sinkOrgId.toUpperCase() }));
  await probe(context, "listLimitOne", source, list({ limit: "1" }));
  await probe(context, "listBeyond", source, list({ offset: "100000" }));
}

async function probeUpdates(context: ProbeContext, id: string): Promise<void> {
  const { evidence, authenticate } = context;
  const { source, sink } = authenticate;
  await probe(context, "update", source, update(id, ["metrics"]));
  const isUpdated = (observation: Observation) =>
    readTypes(findRow(observation, id))?.join() === ["metrics"].join();
  await listTwice(context, "listUpdatedFirst", "listUpdated", isUpdated);
  await probe(context, "updateRepeated", source, update(id, ["logs", "logs"]));
  await probe(context, "updateEmpty", source, update(id, []));
  await probe(context, "updateMalformed", source, update(id, MALFORMED_TYPES));
  evidence.unusedId = context.createUnusedId();
  await probe(context, "updateOtherId", source, update(id, ["metrics"], evidence.unusedId));
  await probe(context, "updateOtherCase", source, update(swapCase(id), ["metrics"]));
  await probe(context, "updateBySink", sink, update(id, ["metrics"]));
  await probe(context, "updateUnknownType", source, update(id, ["metrics", UNKNOWN_TYPE]));
  await probe(context, "updateMissing", source, update(evidence.unusedId, ["metrics"]));
  const other = findExtra(context, "live-other", "other");
  if (!other) return;
  const authenticateOther = createAuthenticate(other, context.sendRequest);
  await probe(context, "updateByOther", authenticateOther, update(id, ["metrics"]));
  await probe(context, "deleteByOther", authenticateOther, deleteById(id));
}

async function probeDeletes(context: ProbeContext, id: string): Promise<void> {
  const { evidence, authenticate } = context;
  await probe(context, "deleteMalformed", authenticate.source, deleteById(MALFORMED_ID));
  await probe(context, "deleteMissing", authenticate.source, deleteById(evidence.unusedId ?? ""));
  await probe(context, "deleteBySink", authenticate.sink, deleteById(id));
  const listed = await listTwice(context, "listDeletedFirst", "listDeleted", (observation) =>
    isAbsent(observation, id),
  );
  if (!isAbsent(listed, id)) await deleteUntilGone(context, id);
  await probe(context, "deleteAgain", authenticate.source, deleteById(id));
}

/** Lists the IDs of all connections of the source organization, in lower case. */
async function listIds(context: ProbeContext): Promise<string[]> {
  const observation = await context.sendRequest({ ...list(), headers: await context.authenticate.source() });
  return (listRows(observation) ?? []).flatMap((row) => readId(row)?.toLowerCase() ?? []);
}

const listNewIds = (observation: Observation, known: readonly string[]): string[] =>
  (listRows(observation) ?? []).flatMap((row) => {
    const id = readId(row)?.toLowerCase();
    return id === undefined || known.includes(id) ? [] : [id];
  });

/** Spells an ID in the other case. */
const swapCase = (id: string): string => (id === id.toLowerCase() ? id.toUpperCase() : id.toLowerCase());
