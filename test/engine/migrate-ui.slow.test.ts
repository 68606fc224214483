/** From connections that were created in the UI, or by any other client: nothing manages them yet. */
import { expect, test } from "vitest";
import {
  changeDiscovered,
  discoverProgram,
  editProgram,
  runCompiler,
  runDiscover,
} from "./discovered-stack.js";
import {
  createMigrationStack,
  expectManaged,
  expectMigrated,
  listLinks,
  MIGRATION_SEED,
} from "./migration.js";
import { useEngine } from "./stack.js";

const engine = useEngine({ seed: MIGRATION_SEED });

const connectAll = () => {
  for (const link of listLinks()) engine.sandbox.connect(link);
  return engine.sandbox.listConnections();
};

test("adopt: 60 connections of 3 organizations move in one up, which writes only the state", async () => {
  const before = connectAll();
  const stack = createMigrationStack(engine);
  await discoverProgram(stack);
  expect(runCompiler(stack)).toBe("");
  const preview = await stack.preview();
  expect([preview.code, preview.steps.length], preview.output).toEqual([0, 60]);
  expect(new Set(preview.output.match(/will adopt connection [0-9a-f-]{36}/g)).size).toBe(60);
  expect(preview.output).not.toContain("and change its types");
  const up = await stack.expectUp();
  await expectMigrated(engine, stack, before, [preview, up]);
  await expectManaged(engine, stack, () => editProgram(stack, changeDiscovered));
}, 600_000);

test("import file: 60 connections of 3 organizations move without a request, and a refresh finds no change", async () => {
  const before = connectAll();
  const stack = createMigrationStack(engine);
  await discoverProgram(stack);
  expect(runCompiler(stack)).toBe("");
  await runDiscover(stack, "--format", "import", "-o", "import.json");
  const imported = await stack.importFile("import.json");
  expect([imported.code, imported.requests], imported.output).toEqual([0, []]);
  await expectMigrated(engine, stack, before, [imported]);
  await expectManaged(engine, stack, () => editProgram(stack, changeDiscovered));
}, 600_000);
