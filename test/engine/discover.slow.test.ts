import { expect, test } from "vitest";
import { createSeed } from "../../sandbox/src/index.js";
import { createEnv } from "../cli/live-env.js";
import { convertToTypeScript, discoverProgram, runCompiler, runDiscover } from "./discovered-stack.js";
import { expectSettled, listWrites } from "./expect-settled.js";
import { useEngine } from "./stack.js";

const engine = useEngine({ seed: createSeed({ sources: 30 }) });

const SOURCES = ["payments", "search", ...Array.from({ length: 10 }, (_, at) => `source-${at + 1}`)];

/** Creates many connections, as over years: each organization shares data with several others. */
function connectAll(count: number): void {
  const types = [["logs"], ["logs", "metrics"], ["audit"], ["audit", "logs", "metrics"]];
  const sinks = ["observability", "security", ...Array.from({ length: 20 }, (_, at) => `source-${at + 11}`)];
  for (let at = 0; at < count; at++) {
    engine.sandbox.connect({
      source: SOURCES[at % SOURCES.length] ?? "",
      sink: sinks[Math.floor(at / SOURCES.length)] ?? "",
      connectionTypes: types[at % types.length] ?? [],
    });
  }
}

const createDiscoveredStack = async (...args: string[]) => {
  const stack = engine.createStack("");
  stack.env = createEnv(engine.sandbox, SOURCES);
  return { stack, stderr: await discoverProgram(stack, ...args) };
};

const listAdoptions = (output: string) => new Set(output.match(/will adopt connection [0-9a-f-]{36}/g));

test("as sets: one per organization, without a write, then no changes", async () => {
  connectAll(40);
  const before = engine.sandbox.listConnections();
  const { stack } = await createDiscoveredStack("--form", "set");
  expect(runCompiler(stack)).toBe("");
  const preview = await stack.preview();
  expect([preview.code, preview.errors], preview.output).toEqual([0, []]);
  expect(preview.steps.toSorted()).toEqual(SOURCES.map((source) => `create ${source}`).toSorted());
  expect(listAdoptions(preview.output).size).toBe(40);
  const up = await stack.expectUp();
  expect(listWrites(up)).toEqual([]);
  expect(engine.sandbox.listConnections()).toEqual(before);
  const again = await stack.preview("--expect-no-changes");
  expect([again.code, again.steps, again.errors], again.output).toEqual([0, [], []]);
});

test("connections and names of the stack are left out, so that the file can be added to its program", async () => {
  const mine = `new OrgConnection("payments-to-acme-security", { source: "payments", sinkOrgId: "${engine.getOrgId("observability")}", connectionTypes: ["logs"] });`;
  const stack = engine.createStack(mine);
  stack.env = createEnv(engine.sandbox, SOURCES);
  await stack.expectUp();
  const id = engine.sandbox.connect({ source: "payments", sink: "security", connectionTypes: ["audit"] });
  const stderr = await runDiscover(stack, "--stack", "dev", "-o", "discovered.ts");
  expect(stderr).toMatch(
    /^Omitted: 1 connection that engine-test\/dev already manages\..*\ndiscovered\.ts declares 1 /,
  );
  convertToTypeScript(stack);
  stack.writeFile(
    "index.ts",
    `import { OrgConnection } from "pulumi-datadog-org-connections";\nimport "./discovered";\n${mine}\n`,
  );
  const up = await stack.expectUp();
  expect(up.steps).toEqual([`create payments-to-acme-security-${id}`]);
  expect(listWrites(up)).toEqual([]);
  await expectSettled(engine, stack);
});
