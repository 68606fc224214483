/** Runs every command of docs/guides/migrate.md with the real engine, section by section. */
import { beforeEach, expect, test } from "vitest";
import { convertToTypeScript } from "../../engine/discovered-stack.js";
import { listWrites } from "../../engine/expect-settled.js";
import { installCommands, runBlocks, runShell } from "../../engine/guide.js";
import { createMigrationStack, MIGRATION_SEED, type Link } from "../../engine/migration.js";
import { createOfficialStack, formatOfficialProgram } from "../../engine/official-stack.js";
import { useEngine, type Stack } from "../../engine/stack.js";
import { formatTerraformState } from "../../engine/terraform-state.js";
import { splitCommands } from "../commands.js";
import { usePage } from "../page.js";

const engine = useEngine({ seed: MIGRATION_SEED });
const { takeBlocks } = usePage("docs/guides/migrate.md");

const LINKS: Link[] = [
  { source: "payments", sink: "observability", connectionTypes: ["logs"] },
  { source: "search", sink: "observability", connectionTypes: ["logs", "metrics"] },
];
const IMPORT = `import "./connections";\n`;

let before: unknown;
beforeEach(() => (before = undefined));

/** Runs the commands of sections, and expects that no connection has changed. */
async function runSections(stack: Stack, ...headings: string[]): Promise<string> {
  before ??= engine.sandbox.listConnections();
  const start = engine.sandbox.requests.length;
  let output = "";
  for (const heading of headings) output += await runBlocks(stack, takeBlocks(heading, "sh"));
  const requests = engine.sandbox.requests.slice(start).map(({ method, path }) => `${method} ${path}`);
  expect(listWrites({ requests })).toEqual([]);
  expect(engine.sandbox.listConnections()).toEqual(before);
  return output;
}

/** Creates the connections, and a TypeScript project that will import them. */
async function createProject(): Promise<Stack> {
  for (const link of LINKS) engine.sandbox.connect(link);
  return prepareProject(createMigrationStack(engine), IMPORT);
}

async function prepareProject(stack: Stack, program: string): Promise<Stack> {
  await stack.runPulumi(["stack", "select", "dev"]);
  installCommands(stack);
  convertToTypeScript(stack);
  stack.writeFile("index.ts", program);
  return stack;
}

test("from the UI", async () => {
  const stack = await createProject();
  await runSections(stack, "Before you start", "From the UI", "Check");
  expect(await stack.loadState()).toHaveLength(LINKS.length);
});

/** The heading of the last step for Terraform. */
const FORGET = "Check, and let Terraform forget";

test.each(["With adopt", "With an import file"])("from Terraform or OpenTofu: %s, and back", async (way) => {
  const stack = await createProject();
  const resources = [
    { name: "to_hub", source: "payments" },
    { module: `module.teams["search"]`, name: "each", source: "search", getKey: () => "hub" },
  ];
  stack.writeFile("terraform.tfstate", formatTerraformState(engine.sandbox, resources));
  const output = await runSections(
    stack,
    "Before you start",
    "From Terraform or OpenTofu",
    way,
    FORGET,
    "Check",
  );
  // The command in the guide is the one that discover has printed.
  const [forget = ""] = takeBlocks(FORGET, "sh").flatMap(splitCommands).slice(-1);
  expect(forget).toMatch(/^terraform state rm /);
  expect(output).toContain(forget.slice("terraform ".length));
  expect((await stack.loadState()).map(({ urn }) => urn.split("::").at(-1)).sort()).toEqual([
    "teams-search-each-hub",
    "to_hub",
  ]);
  await runSections(stack, "Go back");
  expect(await stack.loadState()).toEqual([]);
});

const OFFICIAL = "In the same stack";

test("from @pulumi/datadog, and back to a program with it", async () => {
  const stack = await createOfficialStack(engine, LINKS);
  const official = `// @ts-nocheck\nimport * as pulumi from "@pulumi/pulumi";\n${formatOfficialProgram(engine, LINKS)}`;
  await prepareProject(stack, official);
  await runSections(stack, "Before you start");
  // The same change of the program removes the former declarations. The preview follows it.
  stack.writeFile("index.ts", IMPORT);
  await runSections(stack, OFFICIAL, "Check");
  expect((await stack.loadState()).map(({ type }) => type)).toEqual(
    Array(LINKS.length).fill("pulumi-nodejs:dynamic/datadog:OrgConnection"),
  );
  await runSections(stack, "Go back");
  stack.writeFile("index.ts", official);
  const preview = await stack.preview("--expect-no-changes");
  expect(preview.code, preview.output).toBe(0);
});

test("the wrong way is reported by review with exit code 4, and is not stopped by up", async () => {
  const stack = await createOfficialStack(engine, LINKS);
  await prepareProject(stack, IMPORT);
  const discover = "datadog-org-connections discover -o connections.ts";
  const review =
    "PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --json > preview.json; datadog-org-connections review preview.json";
  expect((await runShell(stack, discover)).code).toBe(0);
  const reviewed = await runShell(stack, review);
  expect(reviewed.code, reviewed.output).toBe(4);
  expect((await stack.up()).code).toBe(0);
  expect(engine.listLive()).toEqual([]);
});
