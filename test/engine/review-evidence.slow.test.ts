/** What `review` says of real previews that hide something: the digest names it or is incomplete, the events show it. */
import { expect, test } from "vitest";
import { runCommand } from "../cli/run-command.js";
import { createPluginStack, writePluginProgram } from "./plugin-stack.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();

interface Report {
  outcome: string;
  changes: { resource: string; because?: string; after?: { source: { id?: string } } }[];
}

/** Previews, and reviews the preview with the state. The policy allows the organization of the stack only. */
async function review(stack: Stack, format: "digest" | "events", ...flags: string[]) {
  stack.env["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = String(format === "events");
  stack.writeFile("preview.json", await stack.previewAsJson());
  stack.writeFile("state.json", (await stack.runPulumi(["stack", "export"])).stdout);
  const policy = { allow: [{ source: engine.getOrgId("search"), sink: "*", types: ["logs", "audit"] }] };
  stack.writeFile("policy.json", JSON.stringify(policy));
  const { code, stdout } = await runCommand(["review", "preview.json", "--format", "json", ...flags], {
    cwd: stack.folder,
    env: {},
  });
  const report = JSON.parse(stdout) as Report;
  const sourceOf = (name: string) => report.changes.find((one) => one.resource === name)?.after?.source.id;
  return { code, report, sourceOf };
}

const WITH_POLICY = ["--state", "state.json", "--policy", "policy.json"];

/** Creates a stack with the keys of `search`, and with those of `payments` under other names. */
function createStack(statements: string): Stack {
  const stack = createPluginStack(engine, statements, { source: "search" });
  const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
  Object.assign(stack.env, {
    PAY_API: apiKey,
    PAY_APP: appKey,
    SEARCH_API: stack.env["DD_API_KEY"],
    SEARCH_APP: stack.env["DD_APP_KEY"],
  });
  return stack;
}

const declareProvider = (name: string, keys: string, args: object = {}) =>
  `const provider = new PluginProvider("${name}", ${JSON.stringify(args)},
    { envVarMappings: { ${keys}_API: "DD_API_KEY", ${keys}_APP: "DD_APP_KEY" } });`;

const declare = (name: string, sink: string, args: object = {}) =>
  `new PluginConnection("${name}", ${JSON.stringify({ sinkOrgId: engine.getOrgId(sink), connectionTypes: ["logs"], ...args })}, { provider });`;

test("a provider of the program that is called like a default provider is not the stack's", async () => {
  const args = { sinkOrgId: engine.getOrgId("observability"), connectionTypes: ["logs"] };
  const own = `new PluginConnection("own", ${JSON.stringify(args)});`;
  const stack = createStack(own);
  await stack.expectUp();
  const provider = declareProvider("default_9_9_9", "PAY");
  writePluginProgram(stack, `${own}\n${provider}\n${declare("hub", "observability")}`);
  for (const format of ["digest", "events"] as const) {
    const { code, sourceOf } = await review(stack, format, ...WITH_POLICY);
    expect([code, sourceOf("hub")]).toEqual([
      5,
      format === "events" ? engine.getOrgId("payments") : undefined,
    ]);
  }
}, 120_000);

test("a provider whose envVarMappings change has another organization, and an unchanged one without checks may adopt", async () => {
  const offline = { checks: "offline" };
  const hub = declare("hub", "observability");
  const stack = createStack(`${declareProvider("acme", "SEARCH", offline)}\n${hub}`);
  await stack.expectUp();

  engine.sandbox.connect({ source: "search", sink: "security", connectionTypes: ["logs", "audit"] });
  const adopting = declare("more", "security", { adopt: true });
  writePluginProgram(stack, `${declareProvider("acme", "SEARCH", offline)}\n${hub}\n${adopting}`);
  for (const format of ["digest", "events"] as const)
    expect((await review(stack, format, "--state", "state.json")).code).toBe(4);

  writePluginProgram(
    stack,
    `${declareProvider("acme", "PAY", offline)}\n${hub}\n${declare("more", "checkout")}`,
  );
  for (const format of ["digest", "events"] as const) {
    const { code, sourceOf } = await review(stack, format, ...WITH_POLICY);
    expect(code).toBe(5);
    expect(sourceOf("more")).not.toBe(engine.getOrgId("search"));
  }
}, 240_000);

test("an alias to a resource of another type deletes the connection", async () => {
  const hub = { sinkOrgId: engine.getOrgId("observability"), connectionTypes: ["logs"] };
  const stack = engine.createStack(`new OrgConnection("hub", ${JSON.stringify(hub)});`);
  await stack.expectUp();
  stack.writeProgram(`
const provider = {
  create: async () => ({ id: "thing", outs: {} }),
  diff: async () => ({ changes: true, replaces: ["value"], deleteBeforeReplace: false }),
};
const aliases = [{ type: "pulumi-nodejs:dynamic/datadog:OrgConnection" }];
new (class extends pulumi.dynamic.Resource {})(provider, "hub", { value: 1 }, { aliases }, "test", "Thing");`);
  for (const format of ["digest", "events"] as const)
    expect((await review(stack, format, "--state", "state.json")).code).toBe(4);
  await stack.expectUp();
  expect(engine.listLive()).toEqual([]);
}, 120_000);

test("the leftover of an interrupted replacement", async () => {
  const hub = { sinkOrgId: engine.getOrgId("observability"), connectionTypes: ["logs"] };
  const stack = engine.createStack(`new OrgConnection("hub", ${JSON.stringify(hub)});`);
  await stack.expectUp();
  engine.sandbox.connect({ source: "payments", sink: "security" });
  const security = engine.getOrgId("security");
  const former = engine.sandbox.listConnections().find(({ sinkOrgId }) => sinkOrgId === security)?.id ?? "";
  await stack.editState((text) => {
    const state = JSON.parse(text) as { deployment: { resources: { id: string; type: string }[] } };
    const { resources } = state.deployment;
    const own = resources.find(({ type }) => type.includes("OrgConnection"));
    if (!own) throw new Error("the state has no connection");
    const old = JSON.stringify({ ...own, delete: true })
      .replaceAll(own.id, former)
      .replaceAll(hub.sinkOrgId, security);
    resources.push(JSON.parse(old) as (typeof resources)[number]);
    return JSON.stringify(state);
  });
  expect((await review(stack, "digest")).code).toBe(7);
  const { code, report } = await review(stack, "events");
  expect([code, report.changes.map(({ because }) => because)]).toEqual([4, ["leftover"]]);
  await stack.expectUp();
  expect(engine.listLive()).toEqual(["payments → observability: logs"]);
}, 120_000);

test("a failed preview of a YAML program", async () => {
  const program =
    "name: engine-test\nruntime: yaml\nresources:\n  hub:\n    type: datadog-org-connections:index:OrgConnection\n    properties: { sinkOrgId: '${missing}' }\n";
  const stack = engine.createStack(program, { isYaml: true });
  for (const format of ["digest", "events"] as const) {
    const { code, report } = await review(stack, format);
    expect([code, report.outcome]).toEqual([1, "failed"]);
  }
}, 120_000);
