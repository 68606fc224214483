import { describe, expect, it } from "vitest";
import type { ExportedResource } from "./stack.js";
import { useEngine } from "./stack.js";

const engine = useEngine();
const PROGRAM = () =>
  `new OrgConnection("hub", { sinkOrgId: "${engine.id("observability")}", connectionTypes: ["logs"] });`;

describe("inputs that are not known yet", () => {
  // The stack of the sandbox's `connectionTypes` output is unknown in the first preview, known in the up.
  const chained = () => `
const first = new OrgConnection("first", { sinkOrgId: "${engine.id("observability")}", connectionTypes: ["logs"] });
const sink = first.createdAt.apply(() => "${engine.id("security")}");
const types = first.createdAt.apply(() => ["audit", "logs"]);
new OrgConnection("second", { sinkOrgId: sink, connectionTypes: types });
new OrgConnection("third", { sinkOrgId: "${engine.id("search")}", connectionTypes: [first.createdAt.apply(() => "logs"), first.createdAt.apply(() => "metrics")] });`;

  it("pass the preview and are used by the up", async () => {
    const stack = engine.stack(chained());
    const preview = await stack.preview();
    expect([preview.code, preview.errors]).toEqual([0, []]);
    expect(preview.steps.sort()).toEqual(["create first", "create second", "create third"]);
    await stack.mustUp();
    expect(engine.live()).toEqual([
      "payments → observability: logs",
      "payments → search: logs, metrics",
      "payments → security: audit, logs",
    ]);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("are checked by the up once they are known", async () => {
    const stack = engine.stack(`
const first = new OrgConnection("first", { sinkOrgId: "${engine.id("observability")}", connectionTypes: ["logs"] });
new OrgConnection("second", { sinkOrgId: first.createdAt.apply(() => "nonsense") });`);
    expect((await stack.preview()).code).toBe(0);
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toMatch(/sinkOrgId.*is not a UUID: "nonsense"/s);
  });
});

describe("the line in the state", () => {
  it("says what to do when the package is missing at destroy", async () => {
    const stack = engine.stack(PROGRAM());
    await stack.mustUp();
    // Node finds no package of this name here any more, as in a checkout without npm install.
    stack.write("hide.cjs", HIDE_PACKAGE);
    stack.env = { ...stack.env, NODE_OPTIONS: `--require ${stack.folder}/hide.cjs` };
    const destroy = await stack.destroy();
    expect(destroy.code).not.toBe(0);
    expect(destroy.output).toContain(
      "Run npm install: Error: Cannot find module 'pulumi-datadog-org-connections/host'",
    );
    expect(destroy.output).not.toMatch(/^\s+at /m);
    expect(engine.live()).toEqual(["payments → observability: logs"]);
    stack.env = { ...stack.env, NODE_OPTIONS: "" };
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.live()).toEqual([]);
  });

  it("of an earlier release is served by today's package: refresh, up and destroy", async () => {
    const earlier = `exports.handler = () => require("pulumi-datadog-org-connections/host").handler();`;
    const stack = engine.stack(PROGRAM());
    await stack.mustUp();
    await stack.editState((text) =>
      text.replaceAll(/"__provider": "(?:[^"\\]|\\.)*"/g, `"__provider": ${JSON.stringify(earlier)}`),
    );
    expect((await stack.state())[0]?.inputs?.["__provider"]).toBe(earlier);
    engine.sandbox.changeTypes(engine.only().id, ["audit"]);
    expect((await stack.refresh()).code).toBe(0);
    expect((await stack.mustUp()).steps).toEqual(["update hub"]);
    expect(engine.live()).toEqual(["payments → observability: logs"]);
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.live()).toEqual([]);
  });
});

describe("the state", () => {
  it("holds at most 1,250 bytes of compact JSON for each connection, and no key", async () => {
    const stack = engine.stack(PROGRAM().replace(`"logs"`, `"logs", "metrics"`));
    await stack.mustUp();
    const [resource] = await stack.state();
    const kept = { ...resource } as Partial<ExportedResource> & {
      stackTrace?: unknown;
      sourcePosition?: unknown;
    };
    delete kept.stackTrace;
    delete kept.sourcePosition;
    expect(JSON.stringify(kept).length).toBeLessThanOrEqual(1250);
    const { output } = await stack.pulumi(["stack", "export", "--show-secrets"]);
    expect(output).not.toContain(stack.env["DD_API_KEY"]);
    expect(output).not.toContain(stack.env["DD_APP_KEY"]);
  });
});

describe("OrgConnection.get and isInstance", () => {
  it("get shows a connection that nobody declares, and leaves it alone", async () => {
    const id = engine.sandbox.connect({ source: "payments", sink: "security", connectionTypes: ["audit"] });
    const stack = engine.stack(`
const seen = OrgConnection.get("seen", "${id}");
return { types: seen.connectionTypes, sink: seen.sinkOrgName, is: OrgConnection.isInstance(seen), not: OrgConnection.isInstance({}) };`);
    await stack.mustUp();
    const { output } = await stack.pulumi(["stack", "output", "--json"]);
    expect(JSON.parse(output)).toEqual({ types: ["audit"], sink: "Acme Security", is: true, not: false });
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.live()).toEqual(["payments → security: audit"]);
  });

  it("get of an unknown id fails the preview", async () => {
    const preview = await engine
      .stack(`OrgConnection.get("seen", "11111111-2222-4333-8444-555555555555");`)
      .preview();
    expect(preview.code).not.toBe(0);
    expect(preview.output).toContain("takes part in no connection 11111111-2222-4333-8444-555555555555");
    expect(preview.output).not.toMatch(/^\s+at /m);
  });
});

const HIDE_PACKAGE = `
const Module = require("node:module");
const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  if (!request.startsWith("pulumi-datadog-org-connections")) return resolve.call(this, request, ...rest);
  throw Object.assign(new Error("Cannot find module '" + request + "'"), { code: "MODULE_NOT_FOUND" });
};
`;
