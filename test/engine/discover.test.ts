import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { seedWith } from "../../sandbox/src/index.js";
import { envOf } from "../cli/live-env.js";
import { runCommand } from "../cli/run-command.js";
import { ROOT } from "../tree.js";
import { expectSettled, writesOf } from "./settled.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine({ seed: seedWith({ sources: 30 }) });

const SOURCES = ["payments", "search", ...Array.from({ length: 10 }, (_, at) => `source-${at + 1}`)];

/** Somebody's work of years: each organization shares with so many of the others, in some way. */
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

/** A stack whose program is what `discover` writes. */
async function discovered(...args: string[]): Promise<{ stack: Stack; stderr: string }> {
  const stack = engine.stack("");
  stack.env = envOf(engine.sandbox, SOURCES);
  const ran = await discover(stack, "-o", "index.ts", ...args);
  inTypeScript(stack);
  return { stack, stderr: ran.stderr };
}

async function discover(stack: Stack, ...args: string[]) {
  const ran = await runCommand(["discover", ...args], { env: stack.environment(), cwd: stack.folder });
  expect([ran.code, ran.stdout], ran.stderr).toEqual([0, ""]);
  return ran;
}

/** Makes a stack's project one in TypeScript, with `index.ts`. */
function inTypeScript(stack: Stack): void {
  rmSync(path.join(stack.folder, "index.js"));
  stack.write("package.json", `{ "name": "engine-test", "main": "index.ts" }\n`);
  stack.write("Pulumi.yaml", "name: engine-test\nruntime: nodejs\n");
  const base = path.relative(stack.folder, path.join(ROOT, "tsconfig.base.json"));
  const config = { extends: base, compilerOptions: { noEmit: true }, files: ["index.ts"] };
  stack.write("tsconfig.json", JSON.stringify(config));
}

const compile = (stack: Stack) =>
  execFileSync(process.execPath, [path.join(ROOT, "node_modules/typescript/bin/tsc"), "-p", stack.folder], {
    encoding: "utf8",
  });

const takeOvers = (output: string) => new Set(output.match(/will take over connection [0-9a-f-]{36}/g));

test("250 connections of 12 organizations: adoptions and nothing else, not one write, and then nothing", async () => {
  connectAll(250);
  const before = engine.sandbox.connections();
  const { stack, stderr } = await discovered();
  expect(stderr).toMatch(/^index\.ts declares 250 connections of 12 organizations\./);
  expect(compile(stack)).toBe("");
  const preview = await stack.preview();
  expect([preview.code, preview.errors], preview.output).toEqual([0, []]);
  expect(preview.steps.map((step) => step.split(" ")[0])).toEqual(Array(250).fill("create"));
  expect(takeOvers(preview.output).size).toBe(250);
  expect(preview.output).not.toContain("and change its types");
  const up = await stack.mustUp();
  expect(up.steps).toHaveLength(250);
  expect(writesOf(up)).toEqual([]);
  expect(engine.sandbox.connections()).toEqual(before);
  await expectSettled(engine, stack);
}, 600_000);

test("as sets: one for each organization, not one write, and then nothing", async () => {
  connectAll(40);
  const before = engine.sandbox.connections();
  const { stack } = await discovered("--form", "set");
  expect(compile(stack)).toBe("");
  const preview = await stack.preview();
  expect([preview.code, preview.errors], preview.output).toEqual([0, []]);
  expect(preview.steps.toSorted()).toEqual(SOURCES.map((source) => `create ${source}`).toSorted());
  expect(takeOvers(preview.output).size).toBe(40);
  const up = await stack.mustUp();
  expect(writesOf(up)).toEqual([]);
  expect(engine.sandbox.connections()).toEqual(before);
  const again = await stack.preview("--expect-no-changes");
  expect([again.code, again.steps, again.errors], again.output).toEqual([0, [], []]);
});

test("what the stack manages is left out, and its names are not taken: the file is added to its program", async () => {
  const mine = `new OrgConnection("payments-to-acme-security", { source: "payments", sinkOrgId: "${engine.id("observability")}", connectionTypes: ["logs"] });`;
  const stack = engine.stack(mine);
  stack.env = envOf(engine.sandbox, SOURCES);
  await stack.mustUp();
  const id = engine.sandbox.connect({ source: "payments", sink: "security", connectionTypes: ["audit"] });
  const { stderr } = await discover(stack, "--stack", "dev", "-o", "discovered.ts");
  expect(stderr).toMatch(
    /^Left out: 1 connection that engine-test\/dev manages already\..*\ndiscovered\.ts declares 1 /,
  );
  inTypeScript(stack);
  stack.write(
    "index.ts",
    `import { OrgConnection } from "pulumi-datadog-org-connections";\nimport "./discovered";\n${mine}\n`,
  );
  const up = await stack.mustUp();
  expect(up.steps).toEqual([`create payments-to-acme-security-${id}`]);
  expect(writesOf(up)).toEqual([]);
  await expectSettled(engine, stack);
});
