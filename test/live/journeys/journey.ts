import {
  findRow,
  isSuccess,
  listRows,
  readEnd,
  readId,
  readTypes,
  type Observation,
} from "../probes/read-response.js";
import type { Run } from "../gateway/prepare-run.js";
import { create, findCreatedId, listUntil, type ProbeContext, update } from "../probes/probe.js";

/** How one journey ended. */
export interface JourneyResult {
  name: string;
  result: "passed" | "failed" | "not run";
  /** Why it failed or was not run. Empty if it passed. */
  why: string;
}

/** What all journeys share. */
export interface JourneyContext {
  /** The environment of the two organizations, in which all requests go to the gateway. It contains credentials. */
  env: Readonly<Record<string, string | undefined>>;
  /** The folder of the repository. */
  root: string;
  run: Run;
  probes: ProbeContext;
  /** The folder of the Pulumi CLI. Missing if no journey needs it. */
  pulumiDir: string | undefined;
  logLine: (line: string) => void;
}

/** A step of a journey went wrong. The message has no id and no credential. */
export class JourneyFailed extends Error {
  override readonly name = "JourneyFailed";
}

/** Fails a journey unless a condition holds. */
export function expectThat(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new JourneyFailed(problem);
}

/** Expects that the pair is connected with exactly these types, and returns the ID of its connection. */
export async function expectConnected(
  probes: ProbeContext,
  types: readonly string[],
  moment: string,
): Promise<string> {
  const expected = [...types].sort().join();
  const isExpected = (one: Observation) => readTypes(findPairRow(probes, one))?.join() === expected;
  const observation = await listUntil(probes, isExpected);
  const row = findPairRow(probes, observation);
  expectThat(row !== undefined, `${moment}, the pair is not connected`);
  expectThat(readTypes(row)?.join() === expected, `${moment}, the connection has other types than declared`);
  return readId(row) ?? "";
}

/** Expects that the pair is not connected. */
export async function expectDisconnected(probes: ProbeContext, moment: string): Promise<void> {
  const isAbsent = (one: Observation) =>
    listRows(one) !== undefined && findPairRow(probes, one) === undefined;
  const observation = await listUntil(probes, isAbsent);
  expectThat(observation !== undefined && isAbsent(observation), `${moment}, the pair is still connected`);
}

/** Connects the pair outside of the program under test, and returns the ID of the connection. */
export async function connectPair(probes: ProbeContext, types: readonly string[]): Promise<string> {
  const headers = await probes.authenticate.source();
  const created = await probes.sendRequest({ ...create(probes.evidence.sinkOrgId, types), headers });
  const id = isSuccess(created) ? await findCreatedId(probes, created, []) : undefined;
  expectThat(id !== undefined, "the pair could not be connected outside of the program");
  return id;
}

/** Changes the types of a connection outside of the program under test. */
export async function changeTypes(probes: ProbeContext, id: string, types: readonly string[]): Promise<void> {
  const headers = await probes.authenticate.source();
  const updated = await probes.sendRequest({ ...update(id, types), headers });
  expectThat(isSuccess(updated), "the connection could not be changed outside of the program");
  await listUntil(probes, (one) => readTypes(findRow(one, id))?.join() === [...types].sort().join());
}

/** Finds the connection of the pair. The API may omit one of the ends. */
function findPairRow({ evidence }: ProbeContext, observation: Observation | undefined): unknown {
  return listRows(observation)?.find(
    (row) =>
      (readEnd(row, "source_org") ?? evidence.sourceOrgId) === evidence.sourceOrgId &&
      (readEnd(row, "sink_org") ?? evidence.sinkOrgId) === evidence.sinkOrgId,
  );
}
