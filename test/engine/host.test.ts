import { describe, expect, it } from "vitest";
import type { ExportedResource } from "./checkpoint.js";
import { useEngine } from "./stack.js";

const engine = useEngine();
const createProgram = () =>
  `new OrgConnection("hub", { sinkOrgId: "${engine.getOrgId("observability")}", connectionTypes: ["logs"] });`;

describe("the provider line in the state", () => {
  it("reports what to do if the package is missing at destroy", async () => {
    const stack = engine.createStack(createProgram());
    await stack.expectUp();
    // Hides the package from Node, as in a clone without npm install.
    stack.writeFile("hide.cjs", HIDE_PACKAGE);
    stack.env = { ...stack.env, NODE_OPTIONS: `--require ${stack.folder}/hide.cjs` };
    const destroy = await stack.destroy();
    expect(destroy.code).not.toBe(0);
    expect(destroy.output).toContain(
      "Run npm install: Error: Cannot find module 'pulumi-datadog-org-connections/host'",
    );
    expect(destroy.output).not.toMatch(/^\s+at /m);
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
    stack.env = { ...stack.env, NODE_OPTIONS: "" };
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.listLive()).toEqual([]);
  });

  it("of an earlier release uses the installed package for refresh, up and destroy", async () => {
    const earlier = `exports.handler = () => require("pulumi-datadog-org-connections/host").handler();`;
    const stack = engine.createStack(createProgram());
    await stack.expectUp();
    await stack.editState((text) =>
      text.replaceAll(/"__provider": "(?:[^"\\]|\\.)*"/g, `"__provider": ${JSON.stringify(earlier)}`),
    );
    expect((await stack.loadState())[0]?.inputs?.["__provider"]).toBe(earlier);
    engine.sandbox.changeTypes(engine.getOnlyConnection().id, ["audit"]);
    expect((await stack.refresh()).code).toBe(0);
    expect((await stack.expectUp()).steps).toEqual(["update hub"]);
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.listLive()).toEqual([]);
  });
});

describe("the state", () => {
  it("has at most 1,250 bytes of compact JSON per connection, and no key", async () => {
    const stack = engine.createStack(createProgram().replace(`"logs"`, `"logs", "metrics"`));
    await stack.expectUp();
    const [resource] = await stack.loadState();
    const measuredResource = { ...resource } as Partial<ExportedResource> & {
      stackTrace?: unknown;
      sourcePosition?: unknown;
    };
    delete measuredResource.stackTrace;
    delete measuredResource.sourcePosition;
    expect(JSON.stringify(measuredResource).length).toBeLessThanOrEqual(1250);
    const { output } = await stack.runPulumi(["stack", "export", "--show-secrets"]);
    expect(output).not.toContain(stack.env["DD_API_KEY"]);
    expect(output).not.toContain(stack.env["DD_APP_KEY"]);
  });
});

it("get reads an undeclared connection and does not change it", async () => {
  const id = engine.sandbox.connect({ source: "payments", sink: "security", connectionTypes: ["audit"] });
  const stack = engine.createStack(`
const seen = OrgConnection.get("seen", "${id}");
return { types: seen.connectionTypes, sink: seen.sinkOrgName, is: OrgConnection.isInstance(seen), not: OrgConnection.isInstance({}) };`);
  await stack.expectUp();
  const { output } = await stack.runPulumi(["stack", "output", "--json"]);
  expect(JSON.parse(output)).toEqual({ types: ["audit"], sink: "Acme Security", is: true, not: false });
  expect((await stack.destroy()).code).toBe(0);
  expect(engine.listLive()).toEqual(["payments → security: audit"]);
});

const HIDE_PACKAGE = `
const Module = require("node:module");
const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  if (!request.startsWith("pulumi-datadog-org-connections")) return resolve.call(this, request, ...rest);
  throw Object.assign(new Error("Cannot find module '" + request + "'"), { code: "MODULE_NOT_FOUND" });
};
`;
