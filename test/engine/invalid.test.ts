import { chmodSync, mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Run, Stack } from "./stack.js";
import { useEngine } from "./stack.js";

const engine = useEngine();
const declare = (args: string, options = "{}") =>
  `new OrgConnection("hub", { sinkOrgId: "${engine.id("observability")}", ${args} }, ${options});`;

const OTHER = `
class Other extends pulumi.ProviderResource { constructor() { super("datadog", "dd", {}); } }`;

/** Puts a real plug-in of the package datadog on the stack's PATH: one that does nothing. */
function addOtherPlugin(stack: Stack): void {
  const plugin = `#!/usr/bin/env node
require(${JSON.stringify(path.resolve("node_modules/@pulumi/pulumi/provider"))})
  .main({ version: "1.0.0", schema: "{}" }, process.argv.slice(2));
`;
  stack.write("pulumi-resource-datadog", plugin);
  chmodSync(path.join(stack.folder, "pulumi-resource-datadog"), 0o755);
  const folders = [stack.folder, process.env["PULUMI_TEST_BIN"], process.env["PATH"]];
  stack.env = { ...stack.env, PATH: folders.join(path.delimiter) };
}

/** A refusal: the preview fails with one error of ours, without a stack trace, and writes nothing. */
async function refused(stack: Stack): Promise<Run> {
  const run = await stack.preview();
  expect(run.code).not.toBe(0);
  expect(run.output).not.toMatch(/^\s+at .*\(?.*:\d+:\d+\)?$/m);
  expect(run.output).not.toContain("unhandled exception");
  expect(run.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
  return run;
}

describe("bad input fails the preview with the property or the setting named", () => {
  it("a sink that is no UUID", async () => {
    const stack = engine.stack(`new OrgConnection("hub", { sinkOrgId: "Acme Observability" });`);
    const { errors } = await refused(stack);
    expect(errors.join()).toMatch(/sinkOrgId.*is not a UUID: "Acme Observability"/s);
  });

  it("a sink that is missing", async () => {
    const { errors } = await refused(engine.stack(`new OrgConnection("hub", {});`));
    expect(errors.join()).toMatch(/sinkOrgId.*is missing/s);
  });

  it("no types", async () => {
    const { errors } = await refused(engine.stack(declare("connectionTypes: []")));
    expect(errors.join()).toMatch(/connectionTypes.*is empty/s);
  });

  it("a type twice", async () => {
    const { errors } = await refused(engine.stack(declare(`connectionTypes: ["logs", "Logs"]`)));
    expect(errors.join()).toMatch(/connectionTypes.*names "logs" twice/s);
  });

  it("an input that does not exist", async () => {
    const { errors } = await refused(engine.stack(declare(`connectiontypes: ["logs"]`)));
    expect(errors.join()).toMatch(/connectiontypes.*is no input of an OrgConnection/s);
  });

  it("a source that nobody knows", async () => {
    const stack = engine.stack(declare(`source: "paymints"`));
    await stack.config("--path", "datadog-org-connections:organizations.payments.id", engine.id("payments"));
    const { errors } = await refused(stack);
    expect(errors.join()).toMatch(/source.*No organization is called "paymints".*known there: payments/s);
  });

  it("an organization whose configured name could be taken for an id", async () => {
    const stack = engine.stack(declare(`connectionTypes: ["logs"]`));
    const [name, id] = [engine.id("security"), engine.id("search")];
    await stack.config("--path", `datadog-org-connections:organizations["${name}"].id`, id);
    const { errors } = await refused(stack);
    expect(errors.join()).toMatch(
      new RegExp(`calls an organization "${name}".*\\[invalid-configuration\\]`, "s"),
    );
  });

  it("no keys at all", async () => {
    const stack = engine.stack(declare(`connectionTypes: ["logs"]`));
    stack.env = {};
    const { errors } = await refused(stack);
    expect(errors.join()).toMatch(/No keys for the default organization.*DD_API_KEY and DD_APP_KEY/s);
  });

  it("two resources for one pair, both named", async () => {
    const stack = engine.stack(
      declare(`connectionTypes: ["logs"]`) +
        "\n" +
        declare(`connectionTypes: ["audit"]`).replace(`"hub"`, `"again"`),
    );
    const { errors } = await refused(stack);
    expect(errors.join()).toMatch(/OrgConnection "hub" and OrgConnection "again" declare the same pair/);
  });

  it.each([
    ["datadog-org-connections:apiKey", []],
    ["datadog:appKey", []],
    ["datadog-org-connections:organizations.payments.apiKey", ["--path"]],
  ])("the key %s set without --secret", async (key, flags) => {
    const stack = engine.stack(declare(`connectionTypes: ["logs"]`));
    await stack.config("--plaintext", ...flags, key, "not-a-secret-any-more");
    const { errors, output } = await refused(stack);
    expect(errors.join()).toContain(`${key}\` in plain text`);
    expect(output).not.toContain("not-a-secret-any-more");
  });

  it.each<[string, (stack: Stack) => void]>([
    ["Pulumi.dev.yaml", () => undefined],
    [
      "stacks/Pulumi.dev.yaml",
      (stack) => {
        mkdirSync(path.join(stack.folder, "stacks"));
        stack.write("Pulumi.yaml", `${stack.read("Pulumi.yaml")}stackConfigDir: stacks\n`);
      },
    ],
    [
      "Pulumi.dev.yaml",
      (stack) => {
        // The program is in a folder of its own, as `main` of the project says.
        mkdirSync(path.join(stack.folder, "program"));
        for (const name of ["index.js", "package.json"]) {
          renameSync(path.join(stack.folder, name), path.join(stack.folder, "program", name));
        }
        stack.write("Pulumi.yaml", `${stack.read("Pulumi.yaml")}main: program\n`);
      },
    ],
  ])("a plain application key beside a secret API key, in %s", async (file, prepare) => {
    const stack = engine.stack(declare(`source: "payments", connectionTypes: ["logs"]`));
    prepare(stack);
    const at = "datadog-org-connections:organizations.payments";
    await stack.config("--secret", "--path", `${at}.apiKey`, engine.sandbox.organization("payments").apiKey);
    await stack.config("--plaintext", "--path", `${at}.appKey`, "not-a-secret-any-more");
    expect(stack.read(file)).toContain("not-a-secret-any-more");
    const { errors, output, requests } = await refused(stack);
    expect(errors.join()).toContain(`${at}.appKey\` in plain text`);
    expect(errors.join()).toContain(`pulumi config set --secret --path '${at}.appKey'`);
    expect(errors.join()).toContain("[key-in-plain-text]");
    expect(errors.join()).not.toContain(`${at}.apiKey`);
    expect(output).not.toContain("not-a-secret-any-more");
    expect(requests).toEqual([]);
  });

  it("a provider of another package", async () => {
    const stack = engine.stack(`${OTHER}\n${declare("", "{ provider: new Other() }")}`);
    addOtherPlugin(stack);
    const { errors } = await refused(stack);
    expect(errors.join()).toContain(`OrgConnection "hub": the option \`provider\` has no effect`);
  });

  it("a provider of datadog inherited from a component, unless source says whose keys", async () => {
    const component = (args: string) => `
${OTHER}
class Hub extends pulumi.ComponentResource {
  constructor() {
    super("test:Hub", "hub-component", {}, { providers: { datadog: new Other() } });
    new OrgConnection("hub", { sinkOrgId: "${engine.id("observability")}", ${args} }, { parent: this });
  }
}
new Hub();`;
    const stack = engine.stack(component(""));
    addOtherPlugin(stack);
    const { errors } = await refused(stack);
    expect(errors.join()).toContain(`OrgConnection "hub" inherits a provider of the package datadog`);
    const { apiKey, appKey } = engine.sandbox.organization("payments");
    stack.env = { ...stack.env, DD_API_KEY__PAYMENTS: apiKey, DD_APP_KEY__PAYMENTS: appKey };
    stack.program(component(`source: "payments"`));
    expect((await stack.preview()).code).toBe(0);
  });
});
