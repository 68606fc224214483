/**
 * What the tests of each way in have in common: 60 connections of three organizations, the expectation that a migration
 * wrote nothing, and that the stack manages the connections afterward.
 */
import { expect } from "vitest";
import { createSeed, type SandboxConnection } from "../../sandbox/src/index.js";
import { createEnv } from "../cli/live-env.js";
import { expectSettled, listWrites } from "./expect-settled.js";
import type { CliRun, Stack, useEngine } from "./stack.js";

type Engine = ReturnType<typeof useEngine>;

/** The organizations that share data. */
export const SOURCES = ["payments", "search", "checkout"];
const SINK_COUNT = 20;
/** The seed with enough destinations. */
export const MIGRATION_SEED = createSeed({ sources: SINK_COUNT });

const TYPES = [["logs"], ["logs", "metrics"], ["audit"], ["audit", "logs", "metrics"]];

/** One connection to migrate, by the keys of its organizations. */
export interface Link {
  source: string;
  sink: string;
  connectionTypes: string[];
}

/** Lists 60 connections: each of three organizations shares data with 20 others. */
export const listLinks = (): Link[] =>
  SOURCES.flatMap((source) =>
    Array.from({ length: SINK_COUNT }, (_, at) => ({
      source,
      sink: `source-${at + 1}`,
      connectionTypes: TYPES[at % TYPES.length] ?? [],
    })),
  );

/** Creates a stack with the credentials of the three organizations, and nothing else. */
export function createMigrationStack(engine: Engine, program = ""): Stack {
  const stack = engine.createStack(program);
  stack.env = createEnv(engine.sandbox, SOURCES);
  return stack;
}

/** Expects that no run wrote to the API, that the same connections are live, and that neither preview shows a change. */
export async function expectMigrated(
  engine: Engine,
  stack: Stack,
  before: readonly SandboxConnection[],
  runs: readonly CliRun[],
): Promise<void> {
  expect(runs.flatMap(listWrites)).toEqual([]);
  expect(before).toHaveLength(SOURCES.length * SINK_COUNT);
  expect(engine.sandbox.listConnections()).toEqual(before);
  await expectSettled(engine, stack);
  await expectEmptyRefreshPreview(stack);
}

/** Expects that a preview that reads all connections shows no change. */
async function expectEmptyRefreshPreview(stack: Stack): Promise<void> {
  const preview = await stack.preview("--refresh", "--expect-no-changes");
  expect([preview.code, preview.errors], preview.output).toEqual([0, []]);
}

/** Expects that the stack updates one of its connections, refreshes all, and deletes them. */
export async function expectManaged(engine: Engine, stack: Stack, changeTypes: () => void): Promise<void> {
  changeTypes();
  expect(listWrites(await stack.expectUp())).toEqual(["PATCH"]);
  expect((await stack.refresh()).code).toBe(0);
  await expectSettled(engine, stack);
  const destroy = await stack.destroy();
  expect([destroy.code, destroy.errors], destroy.output).toEqual([0, []]);
  expect(engine.sandbox.listConnections()).toEqual([]);
}
