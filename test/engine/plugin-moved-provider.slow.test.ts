import { describe, expect, it } from "vitest";
import { writePluginProgram } from "./plugin-program.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();

/** Formats a provider with the keys of an organization. */
function formatProvider(name: string, of: string, more = ""): string {
  const { apiKey, appKey } = engine.sandbox.getOrganization(of);
  const args = `url: "${engine.sandbox.url}", apiKey: "${apiKey}", appKey: "${appKey}", ${more}`;
  return `const ${name} = new Provider("${name}", { ${args} });`;
}

/** Formats a connection to the hub. */
const formatConnection = (args: string, options: string): string =>
  `new OrgConnection("hub", { sinkOrgId: "${engine.getOrgId("observability")}", connectionTypes: ["logs"], ${args} }, { ${options} });`;

/** Writes a program with a provider for each of two organizations, and a connection that belongs to one of them. */
function writeProgram(stack: Stack, provider: string, args = ""): void {
  writePluginProgram(
    stack,
    `${formatProvider("payments", "payments")}
    ${formatProvider("renamed", "payments", "maxAttempts: 3")}
    ${formatProvider("checkout", "checkout")}
    ${formatConnection(args, `provider: ${provider}`)}`,
  );
}

it("a resource that moves to a provider of another organization is replaced, and otherwise unchanged", async () => {
  const stack = engine.createStack("");
  stack.env = {};
  writeProgram(stack, "payments");
  await stack.expectUp();
  const { id } = engine.getOnlyConnection();
  writeProgram(stack, "renamed");
  await stack.expectUp();
  expect(engine.getOnlyConnection().id).toBe(id);
  writeProgram(stack, "checkout");
  const preview = await stack.preview("--diff");
  expect(preview.output).toMatch(/\+-.*OrgConnection.*\(replace\)/);
  await stack.expectUp();
  expect(engine.listLive()).toEqual(["checkout → observability: logs"]);
});

describe("an unmanaged connection of the organization to which a resource moves", () => {
  async function moveToExisting(args: string) {
    const stack = engine.createStack("");
    stack.env = {};
    writeProgram(stack, "payments", args);
    await stack.expectUp();
    engine.sandbox.connect({
      source: "checkout",
      sink: "observability",
      connectionTypes: ["audit", "logs", "metrics"],
    });
    writeProgram(stack, "checkout", args);
    return stack;
  }

  it("is reported if it will be adopted", async () => {
    const stack = await moveToExisting("adopt: true");
    const { code, output } = await stack.preview();
    expect(code, output).toBe(0);
    expect(output).toMatch(/will adopt connection .*audit, logs, metrics.* change its types to logs/);
    await stack.expectUp();
    expect(engine.listLive()).toEqual(["checkout → observability: logs"]);
  });

  it("fails the preview otherwise", async () => {
    const stack = await moveToExisting("");
    const { code, output } = await stack.preview();
    expect(code).not.toBe(0);
    expect(output).toContain("[pair-exists]");
  });
});

it("a resource that moves between providers that differ only in their environment is replaced", async () => {
  const stack = engine.createStack("", { source: "checkout" });
  const keys = engine.sandbox.getOrganization("payments");
  Object.assign(stack.env, { PAYMENTS_API_KEY: keys.apiKey, PAYMENTS_APP_KEY: keys.appKey });
  const write = (options: string) => {
    const envVarMappings = `{ PAYMENTS_API_KEY: "DD_API_KEY", PAYMENTS_APP_KEY: "DD_APP_KEY" }`;
    writePluginProgram(
      stack,
      `const payments = new Provider("payments", {}, { envVarMappings: ${envVarMappings} });
      const checkout = new Provider("checkout", {});
      ${formatConnection("", options)}`,
    );
  };
  const moves = [
    { options: "provider: payments", source: "payments" },
    { options: "provider: checkout", source: "checkout" },
    { options: "provider: payments", source: "payments" },
    { options: "", source: "checkout" },
    { options: "provider: payments", source: "payments" },
    { options: `version: "0.1.0"`, source: "checkout" },
  ];
  for (const { options, source } of moves) {
    write(options);
    await stack.expectUp();
    expect(engine.listLive()).toEqual([`${source} → observability: logs`]);
  }
});

describe("another version of the SDK", () => {
  const write = (stack: Stack, version: string) =>
    writePluginProgram(stack, formatConnection("", `version: "${version}"`));

  it.each([
    { with: "valid keys", of: "payments" },
    { with: "the keys of another organization", of: "checkout" },
  ])("changes nothing and sends no request with $with", async ({ of }) => {
    const stack = engine.createStack("");
    write(stack, "0.1.0");
    await stack.expectUp();
    const { apiKey, appKey } = engine.sandbox.getOrganization(of);
    Object.assign(stack.env, { DD_API_KEY: apiKey, DD_APP_KEY: appKey });
    write(stack, "0.2.0");
    const preview = await stack.preview();
    expect([preview.code, preview.requests], preview.output).toEqual([0, []]);
    const up = await stack.expectUp();
    expect([up.steps.filter((step) => step.endsWith(" hub")), up.requests]).toEqual([[], []]);
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
  });

  it("changes nothing in an offline preview without keys", async () => {
    const config = "config:\n  datadog-org-connections:checks: offline\n";
    const stack = engine.createStack("", { config });
    write(stack, "0.1.0");
    await stack.expectUp();
    stack.env = {};
    write(stack, "0.2.0");
    const { code, output, requests } = await stack.preview();
    expect([code, requests], output).toEqual([0, []]);
  });
});
