/** Moves between providers of the plugin, as the engine does them. Each case is tested in test/plugin/moved-provider.test.ts. */
import { expect, it } from "vitest";
import { listWrites } from "./expect-settled.js";
import { createPluginStack, writePluginProgram } from "./plugin-stack.js";
import { useEngine } from "./stack.js";

const engine = useEngine();

/** Formats a connection to the hub. */
const formatConnection = (options: string): string =>
  `new PluginConnection("hub", { sinkOrgId: "${engine.getOrgId("observability")}", connectionTypes: ["logs"] }, { ${options} });`;

it("a resource is replaced if its provider has another organization, also if only its environment differs", async () => {
  const formatProgram = (options: string) => {
    const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
    const keys = JSON.stringify({ url: engine.sandbox.url, apiKey, appKey, maxAttempts: 3 });
    const envVarMappings = `{ PAYMENTS_API_KEY: "DD_API_KEY", PAYMENTS_APP_KEY: "DD_APP_KEY" }`;
    return `const payments = new PluginProvider("payments", {}, { envVarMappings: ${envVarMappings} });
      const renamed = new PluginProvider("renamed", ${keys});
      const checkout = new PluginProvider("checkout", {});
      ${formatConnection(options)}`;
  };
  const stack = createPluginStack(engine, formatProgram("provider: payments"), { source: "checkout" });
  const keys = engine.sandbox.getOrganization("payments");
  Object.assign(stack.env, { PAYMENTS_API_KEY: keys.apiKey, PAYMENTS_APP_KEY: keys.appKey });
  await stack.expectUp();
  const moves = [
    { options: "provider: renamed", source: "payments", writes: [] },
    { options: "provider: checkout", source: "checkout", writes: ["POST", "DELETE"] },
    { options: "provider: payments", source: "payments", writes: ["POST", "DELETE"] },
    { options: `version: "0.1.0"`, source: "checkout", writes: ["POST", "DELETE"] },
  ];
  for (const { options, source, writes } of moves) {
    writePluginProgram(stack, formatProgram(options));
    expect(listWrites(await stack.expectUp()), options).toEqual(writes);
    expect(engine.listLive()).toEqual([`${source} → observability: logs`]);
  }
});

it("another version of the SDK changes nothing and sends no request, not even with the keys of another organization", async () => {
  const stack = createPluginStack(engine, formatConnection(`version: "0.1.0"`));
  await stack.expectUp();
  stack.useKeys("checkout");
  writePluginProgram(stack, formatConnection(`version: "0.2.0"`));
  const preview = await stack.preview();
  expect([preview.code, preview.requests], preview.output).toEqual([0, []]);
  const up = await stack.expectUp();
  expect([up.steps.filter((step) => step.endsWith(" hub")), up.requests]).toEqual([[], []]);
  expect(engine.listLive()).toEqual(["payments → observability: logs"]);
});
