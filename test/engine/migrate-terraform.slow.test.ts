/** From Terraform or OpenTofu: a state file that manages 60 connections of three organizations, with modules and keys. */
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
import { useEngine, type Stack } from "./stack.js";
import { formatTerraformState } from "./terraform-state.js";

const engine = useEngine({ seed: MIGRATION_SEED });

const KEYS = ["hub", "audit log", "eu/prod"];
const RESOURCES = [
  { name: "share", source: "payments", getKey: (at: number) => KEYS[at] ?? `sink-${at}` },
  { module: "module.search", name: "each", source: "search", getKey: (at: number) => `sink-${at}` },
  {
    module: `module.teams["checkout"].module.links`,
    name: "this",
    source: "checkout",
    getKey: (at: number) => at,
  },
];

/** Creates the connections, a stack without resources, and the state file of Terraform in its folder. */
function createTerraformCase() {
  for (const link of listLinks()) engine.sandbox.connect(link);
  const stack = createMigrationStack(engine);
  stack.writeFile("terraform.tfstate", formatTerraformState(engine.sandbox, RESOURCES));
  return { stack, before: engine.sandbox.listConnections() };
}

async function discoverFromState(stack: Stack): Promise<void> {
  const stderr = await discoverProgram(stack, "--from", "terraform.tfstate");
  expect(runCompiler(stack)).toBe("");
  expect(stderr).toMatch(
    /pulumi preview --refresh --expect-no-changes.*\n4\. Only then, and before the next apply/,
  );
  expect(stderr).toContain(`'datadog_org_connection.share["audit log"]'`);
  expect(stderr).toContain(
    "for module.teams.module.links.datadog_org_connection.this, datadog_org_connection.share, module.search.datadog_org_connection.each.",
  );
}

test("adopt: 60 connections of 3 organizations move in one up, which writes only the state", async () => {
  const { stack, before } = createTerraformCase();
  await discoverFromState(stack);
  const preview = await stack.preview();
  expect([preview.code, preview.steps.length], preview.output).toEqual([0, 60]);
  for (const name of [
    "share-hub",
    "share-audit-log",
    "share-eu-prod",
    "search-each-sink-0",
    "teams-checkout-links-this-19",
  ])
    expect(preview.steps).toContain(`create ${name}`);
  const up = await stack.expectUp();
  await expectMigrated(engine, stack, before, [preview, up]);
  await expectManaged(engine, stack, () => editProgram(stack, changeDiscovered));
}, 600_000);

test("import file: 60 connections of 3 organizations move without a request, and a refresh finds no change", async () => {
  const { stack, before } = createTerraformCase();
  await discoverFromState(stack);
  await runDiscover(stack, "--from", "terraform.tfstate", "--format", "import", "-o", "import.json");
  const imported = await stack.importFile("import.json");
  expect([imported.code, imported.requests], imported.output).toEqual([0, []]);
  await expectMigrated(engine, stack, before, [imported]);
  await expectManaged(engine, stack, () => editProgram(stack, changeDiscovered));
}, 600_000);
