/** What a program that throws prints, and what only its own process can find: files of the project and other plugins. */
import { chmodSync, mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { listWrites, STACK_TRACE } from "./expect-settled.js";
import { useEngine, type CliRun, type Stack } from "./stack.js";

const engine = useEngine();
const declare = (args: string, options = "{}") =>
  `new OrgConnection("hub", { sinkOrgId: "${engine.getOrgId("observability")}", ${args} }, ${options});`;

const OTHER = `
class Other extends pulumi.ProviderResource { constructor() { super("datadog", "dd", {}); } }`;

/** Adds a plug-in of the package datadog, which does nothing, to the stack's PATH. */
function addOtherPlugin(stack: Stack): void {
  const plugin = `#!/usr/bin/env node
require(${JSON.stringify(path.resolve("node_modules/@pulumi/pulumi/provider"))})
  .main({ version: "1.0.0", schema: "{}" }, process.argv.slice(2));
`;
  stack.writeFile("pulumi-resource-datadog", plugin);
  chmodSync(path.join(stack.folder, "pulumi-resource-datadog"), 0o755);
  const folders = [stack.folder, process.env["PULUMI_TEST_BIN"], process.env["PATH"]];
  stack.env = { ...stack.env, PATH: folders.join(path.delimiter) };
}

/** Expects that the preview fails with one error of this package, without a stack trace and without a write. */
async function expectRefusal(stack: Stack): Promise<CliRun> {
  const run = await stack.preview();
  expect(run.code).not.toBe(0);
  expect(run.errors).toHaveLength(1);
  expect(run.output).not.toMatch(STACK_TRACE);
  expect(run.output).not.toContain("unhandled exception");
  expect(listWrites(run)).toEqual([]);
  return run;
}

it.each<[string, (stack: Stack) => void]>([
  ["Pulumi.dev.yaml", () => undefined],
  [
    "stacks/Pulumi.dev.yaml",
    (stack) => {
      mkdirSync(path.join(stack.folder, "stacks"));
      stack.writeFile("Pulumi.yaml", `${stack.readFile("Pulumi.yaml")}stackConfigDir: stacks\n`);
    },
  ],
  [
    "Pulumi.dev.yaml",
    (stack) => {
      // The program is in a separate folder, set by `main` of the project.
      mkdirSync(path.join(stack.folder, "program"));
      for (const name of ["index.js", "package.json"]) {
        renameSync(path.join(stack.folder, name), path.join(stack.folder, "program", name));
      }
      stack.writeFile("Pulumi.yaml", `${stack.readFile("Pulumi.yaml")}main: program\n`);
    },
  ],
])("a plain-text application key next to a secret API key, in %s", async (file, prepare) => {
  const stack = engine.createStack(declare(`source: "payments", connectionTypes: ["logs"]`));
  prepare(stack);
  await stack.useConfiguredKeys("payments");
  const setting = "datadog-org-connections:organizations.payments.appKey";
  await stack.setConfig("--plaintext", "--path", setting, "not-a-secret-any-more");
  expect(stack.readFile(file)).toContain("not-a-secret-any-more");
  const { errors, output, requests } = await expectRefusal(stack);
  expect(errors[0]).toContain(`${setting}\` in plain text`);
  expect(errors[0]).toContain("[credential-in-plain-text]");
  expect(output).not.toContain("not-a-secret-any-more");
  expect(requests).toEqual([]);
});

it.each([
  ["OrgConnection", `{ sinkOrgId: hub, connectionTypes: ["logs"] }`],
  ["OrgConnectionSet", `{ connections: { [hub]: ["logs"] } }`],
])("the option import of an %s: the error names adopt", async (resource, args) => {
  const id = engine.sandbox.connect({ source: "payments", sink: "observability" });
  const hub = `const hub = "${engine.getOrgId("observability")}";`;
  const stack = engine.createStack(`${hub} new ${resource}("hub", ${args}, { import: "${id}" });`);
  const { errors } = await expectRefusal(stack);
  expect(errors[0]).toMatch(
    new RegExp(
      `${resource} "hub": the resource option \`import\` is not supported.*adopt: true.*pulumi import --file`,
      "s",
    ),
  );
});

it("a provider of another package, also if a component passes it on, unless source is set", async () => {
  const stack = engine.createStack(`${OTHER}\n${declare("", "{ provider: new Other() }")}`);
  addOtherPlugin(stack);
  expect((await expectRefusal(stack)).errors[0]).toContain(
    `OrgConnection "hub": the options \`provider\` and \`providers\` are not supported`,
  );
  const writeComponent = (args: string) => {
    stack.writeProgram(`
${OTHER}
class Hub extends pulumi.ComponentResource {
  constructor() {
    super("test:Hub", "hub-component", {}, { providers: { datadog: new Other() } });
    ${declare(args, "{ parent: this }")}
  }
}
new Hub();`);
  };
  writeComponent("");
  expect((await expectRefusal(stack)).errors[0]).toContain(
    `OrgConnection "hub" inherits a provider of the package datadog`,
  );
  stack.useKeys("payments", "payments");
  writeComponent(`source: "payments"`);
  expect((await stack.preview()).code).toBe(0);
});
