import { expect } from "vitest";
import type { ExportedResource } from "./checkpoint.js";
import type { Stack, useEngine } from "./stack.js";

/** One connection in the state or live. */
interface Row {
  id: string | undefined;
  sinkOrgId: unknown;
  connectionTypes: unknown;
}

/**
 * Expects that nothing is pending, the program has no changes, and the state contains exactly the live
 * connections, with the same ids, destinations and types.
 *
 * @param options.others ids of connections of other users
 */
export async function expectSettled(
  engine: ReturnType<typeof useEngine>,
  stack: Stack,
  { others = [] }: { others?: readonly string[] } = {},
): Promise<void> {
  const preview = await stack.preview("--expect-no-changes");
  expect([preview.code, preview.steps, preview.errors], preview.output).toEqual([0, [], []]);
  await expectStateIsLive(engine, stack, others);
}

/**
 * Expects that no update or deletion is pending, and the state contains exactly the live connections.
 *
 * @param others - ids of connections of other users
 */
export async function expectStateIsLive(
  engine: ReturnType<typeof useEngine>,
  stack: Stack,
  others: readonly string[] = [],
): Promise<void> {
  const { resources = [], pending_operations: pending = [] } = await stack.loadDeployment();
  // The engine keeps the pending create of a killed run until --clear-pending-creates. It does not prevent a
  // create.
  const unfinished = pending.filter(({ type }) => type !== "creating");
  expect([unfinished, resources.filter((resource) => resource.delete)]).toEqual([[], []]);
  expect(toRows(resources)).toEqual(listLiveRows(engine, others));
}

function toRows(resources: readonly ExportedResource[]): Row[] {
  return resources
    .filter(({ type }) => type.includes("datadog") && !type.startsWith("pulumi:providers:"))
    .map(({ id, outputs = {} }) => ({
      id,
      sinkOrgId: outputs["sinkOrgId"],
      connectionTypes: outputs["connectionTypes"],
    }))
    .sort(compareById);
}

function listLiveRows({ sandbox }: ReturnType<typeof useEngine>, others: readonly string[]): Row[] {
  return sandbox
    .listConnections()
    .filter(({ id }) => !others.includes(id))
    .map(({ id, sinkOrgId, connectionTypes: types }) => ({
      id,
      sinkOrgId,
      connectionTypes: [...types].sort(),
    }))
    .sort(compareById);
}

function compareById(a: Row, b: Row): number {
  return String(a.id).localeCompare(String(b.id));
}

/** Lists the methods of the write requests of a run, in order. */
export function listWrites({ requests }: { requests: readonly string[] }): string[] {
  return requests
    .filter((request) => !request.startsWith("GET"))
    .map((request) => request.split(" ")[0] ?? "");
}

/** Matches a line of a stack trace. */
export const STACK_TRACE = /^\s+at .*\(?.*:\d+:\d+\)?$/m;

/** Recovers as the messages say. Returns the steps that were necessary besides `up --refresh`. */
export async function recover(stack: Stack): Promise<string[]> {
  const measures: string[] = [];
  const { env } = stack;
  stack.repairCheckpoint();
  let up = await stack.up("--refresh");
  if (up.output.includes("`pulumi cancel`")) {
    measures.push("cancel");
    const cancel = await stack.runPulumi(["cancel", "--yes", "--stack=dev"]);
    expect(cancel.code, cancel.output).toBe(0);
    up = await stack.up("--refresh");
  }
  if (up.output.includes("DATADOG_ORG_CONNECTIONS_ADOPT=true")) {
    measures.push("adopt");
    stack.env = { ...env, DATADOG_ORG_CONNECTIONS_ADOPT: "true" };
    up = await stack.up("--refresh");
    stack.env = env;
  }
  expect(up.code, up.output).toBe(0);
  return measures;
}
