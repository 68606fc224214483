import { chmodSync, mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { CliRun, Stack } from "./stack.js";
import { useEngine } from "./stack.js";

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

/**
 * Expects that the preview fails with one error of this package, without a stack trace and without a write.
 */
async function expectRefusal(stack: Stack): Promise<CliRun> {
  const run = await stack.preview();
  expect(run.code).not.toBe(0);
  expect(run.output).not.toMatch(/^\s+at .*\(?.*:\d+:\d+\)?$/m);
  expect(run.output).not.toContain("unhandled exception");
  expect(run.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
  return run;
}

describe("invalid input fails the preview with the name of the property or setting", () => {
  it("a destination that is not a UUID", async () => {
    const stack = engine.createStack(`new OrgConnection("hub", { sinkOrgId: "Acme Observability" });`);
    const { errors } = await expectRefusal(stack);
    expect(errors.join()).toMatch(/sinkOrgId.*is not a UUID: "Acme Observability"/s);
  });

  it("a missing destination", async () => {
    const { errors } = await expectRefusal(engine.createStack(`new OrgConnection("hub", {});`));
    expect(errors.join()).toMatch(/sinkOrgId.*is missing/s);
  });

  it("no types", async () => {
    const { errors } = await expectRefusal(engine.createStack(declare("connectionTypes: []")));
    expect(errors.join()).toMatch(/connectionTypes.*is empty/s);
  });

  it("a type twice", async () => {
    const { errors } = await expectRefusal(engine.createStack(declare(`connectionTypes: ["logs", "Logs"]`)));
    expect(errors.join()).toMatch(/connectionTypes.*lists "logs" more than once/s);
  });

  it("an input that does not exist", async () => {
    const { errors } = await expectRefusal(engine.createStack(declare(`connectiontypes: ["logs"]`)));
    expect(errors.join()).toMatch(/connectiontypes.*is not an input of an OrgConnection/s);
  });

  it("an unknown source", async () => {
    const stack = engine.createStack(declare(`source: "paymints"`));
    await stack.setConfig(
      "--path",
      "datadog-org-connections:organizations.payments.id",
      engine.getOrgId("payments"),
    );
    const { errors } = await expectRefusal(stack);
    expect(errors.join()).toMatch(
      /source.*Organization "paymints" is not configured \(configured organizations: payments/s,
    );
  });

  it("a configured name of an organization that is a UUID", async () => {
    const stack = engine.createStack(declare(`connectionTypes: ["logs"]`));
    const [name, id] = [engine.getOrgId("security"), engine.getOrgId("search")];
    await stack.setConfig("--path", `datadog-org-connections:organizations["${name}"].id`, id);
    const { errors } = await expectRefusal(stack);
    expect(errors.join()).toMatch(
      new RegExp(`contains an organization named "${name}".*\\[invalid-configuration\\]`, "s"),
    );
  });

  it("missing credentials", async () => {
    const stack = engine.createStack(declare(`connectionTypes: ["logs"]`));
    stack.env = {};
    const { errors } = await expectRefusal(stack);
    expect(errors.join()).toMatch(
      /No credentials are set for the default organization.*DD_API_KEY and DD_APP_KEY/s,
    );
  });

  it("two resources for one pair, both named", async () => {
    const stack = engine.createStack(
      declare(`connectionTypes: ["logs"]`) +
        "\n" +
        declare(`connectionTypes: ["audit"]`).replace(`"hub"`, `"again"`),
    );
    const { errors } = await expectRefusal(stack);
    expect(errors.join()).toMatch(/OrgConnection "hub" and OrgConnection "again" declare the same pair/);
  });

  it.each([
    ["datadog-org-connections:apiKey", []],
    ["datadog:appKey", []],
    ["datadog-org-connections:organizations.payments.apiKey", ["--path"]],
  ])("the key %s, set without --secret", async (key, flags) => {
    const stack = engine.createStack(declare(`connectionTypes: ["logs"]`));
    await stack.setConfig("--plaintext", ...flags, key, "not-a-secret-any-more");
    const { errors, output } = await expectRefusal(stack);
    expect(errors.join()).toContain(`${key}\` in plain text`);
    expect(output).not.toContain("not-a-secret-any-more");
  });

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
    const at = "datadog-org-connections:organizations.payments";
    await stack.setConfig(
      "--secret",
      "--path",
      `${at}.apiKey`,
      engine.sandbox.getOrganization("payments").apiKey,
    );
    await stack.setConfig("--plaintext", "--path", `${at}.appKey`, "not-a-secret-any-more");
    expect(stack.readFile(file)).toContain("not-a-secret-any-more");
    const { errors, output, requests } = await expectRefusal(stack);
    expect(errors.join()).toContain(`${at}.appKey\` in plain text`);
    expect(errors.join()).toContain(`pulumi config set --secret --path '${at}.appKey'`);
    expect(errors.join()).toContain("[credential-in-plain-text]");
    expect(errors.join()).not.toContain(`${at}.apiKey`);
    expect(output).not.toContain("not-a-secret-any-more");
    expect(requests).toEqual([]);
  });

  it("a provider of another package", async () => {
    const stack = engine.createStack(`${OTHER}\n${declare("", "{ provider: new Other() }")}`);
    addOtherPlugin(stack);
    const { errors } = await expectRefusal(stack);
    expect(errors.join()).toContain(
      `OrgConnection "hub": the options \`provider\` and \`providers\` are not supported`,
    );
  });

  it.each([
    ["OrgConnection", `{ sinkOrgId: hub, connectionTypes: ["logs"] }`],
    ["OrgConnectionSet", `{ connections: { [hub]: ["logs"] } }`],
  ])("the option import of an %s: the error names adopt", async (resource, args) => {
    const id = engine.sandbox.connect({ source: "payments", sink: "observability" });
    const hub = `const hub = "${engine.getOrgId("observability")}";`;
    const stack = engine.createStack(`${hub} new ${resource}("hub", ${args}, { import: "${id}" });`);
    const { errors } = await expectRefusal(stack);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(
      new RegExp(
        `${resource} "hub": the resource option \`import\` is not supported.*adopt: true.*pulumi import --file`,
        "s",
      ),
    );
  });

  it("a provider of datadog inherited from a component, unless source is set", async () => {
    const declareComponent = (args: string) => `
${OTHER}
class Hub extends pulumi.ComponentResource {
  constructor() {
    super("test:Hub", "hub-component", {}, { providers: { datadog: new Other() } });
    new OrgConnection("hub", { sinkOrgId: "${engine.getOrgId("observability")}", ${args} }, { parent: this });
  }
}
new Hub();`;
    const stack = engine.createStack(declareComponent(""));
    addOtherPlugin(stack);
    const { errors } = await expectRefusal(stack);
    expect(errors.join()).toContain(`OrgConnection "hub" inherits a provider of the package datadog`);
    const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
    stack.env = { ...stack.env, DD_API_KEY__PAYMENTS: apiKey, DD_APP_KEY__PAYMENTS: appKey };
    stack.writeProgram(declareComponent(`source: "payments"`));
    expect((await stack.preview()).code).toBe(0);
  });
});
