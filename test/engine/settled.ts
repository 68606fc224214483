import { expect } from "vitest";
import type { ExportedResource, Stack, useEngine } from "./stack.js";

/** One connection as the state or the world holds it. */
interface Row {
  id: string | undefined;
  sinkOrgId: unknown;
  connectionTypes: unknown;
}

/** The part of an exported state that says whether something is left to do. */
interface Exported {
  deployment: { resources?: ExportedResource[]; pending_operations?: { type: string }[] };
}

/**
 * What recovery promises: nothing waits to be finished or deleted, the program has nothing to do, and the state holds
 * the live connections by id, sink and types, none twice and none besides. Connections of others are given by their
 * ids.
 */
export async function expectSettled(
  engine: ReturnType<typeof useEngine>,
  stack: Stack,
  { others = [] }: { others?: readonly string[] } = {},
): Promise<void> {
  const preview = await stack.preview("--expect-no-changes");
  expect([preview.code, preview.steps, preview.errors], preview.output).toEqual([0, [], []]);
  const { output } = await stack.pulumi(["stack", "export"]);
  const { resources = [], pending_operations: pending = [] } = (JSON.parse(output) as Exported).deployment;
  // The engine keeps "creating" of a killed run until somebody says --clear-pending-creates; it then creates all the same.
  const unfinished = pending.filter(({ type }) => type !== "creating");
  expect([unfinished, resources.filter((resource) => resource.delete)]).toEqual([[], []]);
  expect(rowsOf(resources)).toEqual(liveRows(engine, others));
}

function rowsOf(resources: readonly ExportedResource[]): Row[] {
  return resources
    .filter(({ type }) => type.includes("datadog"))
    .map(({ id, outputs = {} }) => ({
      id,
      sinkOrgId: outputs["sinkOrgId"],
      connectionTypes: outputs["connectionTypes"],
    }))
    .sort(byId);
}

function liveRows({ sandbox }: ReturnType<typeof useEngine>, others: readonly string[]): Row[] {
  return sandbox
    .connections()
    .filter(({ id }) => !others.includes(id))
    .map(({ id, sinkOrgId, connectionTypes: types }) => ({
      id,
      sinkOrgId,
      connectionTypes: [...types].sort(),
    }))
    .sort(byId);
}

function byId(a: Row, b: Row): number {
  return String(a.id).localeCompare(String(b.id));
}

/** The requests of a run that write, as `POST`, `PATCH`, `DELETE`, in their order. */
export function writesOf({ requests }: { requests: readonly string[] }): string[] {
  return requests
    .filter((request) => !request.startsWith("GET"))
    .map((request) => request.split(" ")[0] ?? "");
}

/** A line of a stack trace anywhere in the output. */
export const STACK_TRACE = /^\s+at .*\(?.*:\d+:\d+\)?$/m;
