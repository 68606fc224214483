/** How credentials of the environment and the stack configuration reach the providers. Their precedence is tested in test/core/credentials. */
import { expect, it } from "vitest";
import { getOrgConnections } from "../../../provider/src/index.js";
import { SITE, useFakeProxies } from "../../core/api/fake-proxy.js";
import { useRecorder } from "../../core/api/harness.js";
import { expectSettled, listWrites } from "../expect-settled.js";
import { useEngine } from "../stack.js";
import { LOGS, type Declaration } from "./declarations.js";
import type { Program } from "./attach.js";

/** A server that is not Datadog's. Any request to it is a leak. */
const otherServer = useRecorder();
const startProxy = useFakeProxies();
const engine = useEngine();
const { declare } = engine;
const SOURCES = ["payments", "checkout", "search"];
const declareFrom = (source: string, name = source, sink = "observability"): Declaration =>
  declare(name, sink, { ...LOGS, source });

it("secrets of several organizations in the stack configuration are used, and are not in the state", async () => {
  const stack = engine.createStack(SOURCES.map((source) => declareFrom(source)));
  await stack.useConfiguredKeys(...SOURCES);
  await stack.expectUp();
  expect(engine.listLive()).toEqual(SOURCES.map((source) => `${source} → observability: logs`).sort());
  const { output } = await stack.runPulumi(["stack", "export"]);
  expect(output).not.toMatch(/sandbox-a(pi|pp)-key/);
  expect((await stack.refresh()).requests).toHaveLength(3);
  expect((await stack.destroy()).code).toBe(0);
  expect(engine.listLive()).toEqual([]);
});

it("rotated keys in the stack configuration reach destroy by variables of the name, or by a plain up", async () => {
  const stack = engine.createStack([declare("hub", "observability")]);
  const setKeys = async ({ apiKey, appKey }: { apiKey: string; appKey: string }) => {
    await stack.setConfig("--secret", "datadog-org-connections:apiKey", apiKey);
    await stack.setConfig("--secret", "datadog-org-connections:appKey", appKey);
  };
  stack.env = {};
  await stack.setConfig("datadog-org-connections:url", engine.sandbox.url);
  await setKeys(engine.sandbox.getOrganization("payments"));
  await stack.expectUp();
  await setKeys(engine.sandbox.rotateKeys("payments"));
  expect((await stack.destroy()).errors.join()).toContain("DD_API_KEY__DEFAULT and DD_APP_KEY__DEFAULT");
  stack.env = { DD_HOST__DEFAULT: engine.sandbox.url };
  stack.useKeys("payments", "default");
  expect((await stack.refresh()).code).toBe(0);
  stack.env = {};
  await stack.expectUp();
  expect((await stack.destroy()).code).toBe(0);
  expect(engine.listLive()).toEqual([]);
});

it("another name of the same organization is an update without a write, that of another one a replacement", async () => {
  const stack = engine.createStack([declareFrom("payments", "hub")]);
  for (const name of ["payments", "pay"]) stack.useKeys("payments", name);
  stack.useKeys("checkout", "checkout");
  await stack.expectUp();
  stack.writeProgram([declareFrom("pay", "hub")]);
  const up = await stack.expectUp();
  expect([up.steps, listWrites(up)]).toEqual([["update hub"], []]);
  await expectSettled(engine, stack);
  stack.writeProgram([declareFrom("checkout", "hub")]);
  expect((await stack.expectUp()).steps).toContain("replace hub");
  expect(engine.listLive()).toEqual(["checkout → observability: logs"]);
});

it("a program may change the spelling of a name in the run that also refreshes", async () => {
  const stack = engine.createStack([declareFrom("TEAM_01", "hub")]);
  stack.useKeys("payments", "team_01");
  await stack.expectUp();
  stack.writeProgram([declareFrom("team-01", "hub"), declareFrom("team-01", "sec", "security")]);
  const up = await stack.expectUp("--refresh");
  expect(up.steps).toEqual(expect.arrayContaining(["update hub", "create sec"]));
  expect(listWrites(up)).toEqual(["POST"]);
});

it.each<[string, () => Program]>([
  ["a resource", () => [declare("hub", "observability")]],
  ["a function", () => () => getOrgConnections()],
])(
  "%s sends no credentials of the environment to an address in the stack configuration",
  async (_, createProgram) => {
    const stack = engine.createStack(createProgram());
    stack.env = {};
    stack.useKeys("payments");
    await stack.setConfig("datadog-org-connections:url", otherServer.options().baseUrl);
    const preview = await stack.preview();
    expect(preview.output).toContain("[invalid-configuration]");
    expect([preview.code === 0, preview.requests, otherServer.arrived]).toEqual([false, [], []]);
  },
);

it("a proxy that responds instead of Datadog confirms no deletion, and reports no connection as gone", async () => {
  const stack = engine.createStack([declare("hub", "observability")]);
  await stack.expectUp();
  const proxy = await startProxy(() => ({ status: 201, body: { data: [] } }));
  stack.env = { ...stack.env, DD_HOST: SITE, HTTPS_PROXY: proxy.url };
  for (const run of [await stack.destroy(), await stack.refresh()])
    expect([run.code === 0, run.errors.join()]).toEqual([false, expect.stringContaining("[proxy-refused]")]);
  expect(engine.listLive()).toEqual(["payments → observability: logs"]);
  expect(await stack.loadState()).toHaveLength(1);
});

it("a setting that was set without --path is corrected by the commands in the error", async () => {
  const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
  const values: Record<string, string> = { apiKey, appKey, url: engine.sandbox.url };
  const stack = engine.createStack([declareFrom("team.a")]);
  for (const [setting, value] of Object.entries(values)) {
    const flags = setting === "url" ? [] : ["--secret"];
    await stack.setConfig(...flags, `datadog-org-connections:organizations["team.a"].${setting}`, value);
  }
  const [error = ""] = (await stack.preview()).errors;
  const message = error.replace(/\s+/g, " ");
  expect(message).not.toContain(apiKey);
  const commands = [...message.matchAll(/pulumi (config (?:rm|set)[^']*) '([^']+)'/g)];
  expect(commands).toHaveLength(6);
  for (const [, command = "", key = ""] of commands) {
    const value = command.startsWith("config set") ? [values[key.split(".").at(-1) ?? ""] ?? ""] : [];
    const args = [...command.split(" "), key, ...value, "--stack=dev", "--non-interactive"];
    expect((await stack.runPulumi(args)).code).toBe(0);
  }
  const preview = await stack.preview();
  expect([preview.errors, preview.steps]).toEqual([[], ["create team.a"]]);
});
