/** A resource that moves to another provider: the engine sends DiffConfig to a configured provider, before the diff of the resource. */
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { describe, expect, test } from "vitest";
import { createEngineLog } from "../../plugin/src/protocol/engine-log.js";
import { useSandbox } from "../sandbox/harness.js";
import { type ResourceType, createProviderUrn, openResource, toStruct, usePlugin } from "./engine-calls.js";

const sandbox = useSandbox();
const startPlugin = usePlugin();
const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const single = { sinkOrgId: HUB, connectionTypes: ["logs"] };
const set = { connections: { [HUB]: ["logs"] } };

type Fields = Record<string, JavaScriptValue>;

/** The environment of a provider, with the keys of an organization if there is one. */
function createEnv(of?: string): NodeJS.ProcessEnv {
  if (of === undefined) return { DD_HOST: sandbox().url };
  const { apiKey, appKey } = sandbox().getOrganization(of);
  return { DD_HOST: sandbox().url, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
}

/** Starts a configured provider. */
async function startProvider(name: string, args: Fields = {}, of?: string) {
  const warnings: string[] = [];
  const log = createEngineLog(undefined, (message) => void warnings.push(message));
  const plugin = await startPlugin({ env: createEnv(of), log });
  await plugin.configure(args, name);
  const compareWith = (olds: Fields) =>
    plugin.call(
      "diffConfig",
      new messages.DiffRequest()
        .setUrn(createProviderUrn(name))
        .setOldInputs(toStruct(olds))
        .setNews(toStruct(args)),
    );
  return { plugin, warnings, compareWith };
}

/** Creates a resource of "payments", and forgets the requests. */
async function declare(type: ResourceType, inputs: Fields) {
  const { plugin } = await startProvider("payments", {}, "payments");
  const saved = await openResource(plugin, type, "hub").declare(inputs);
  sandbox().clearRequests();
  return saved;
}

/** Moves a connection of "payments" to a provider, and returns what must be replaced. */
async function move(provider: Awaited<ReturnType<typeof startProvider>>, olds: Fields) {
  const saved = await declare("OrgConnection", single);
  const resource = openResource(provider.plugin, "OrgConnection", "hub");
  await resource.check(single, saved.inputs);
  await provider.compareWith(olds);
  const { changes, replaces } = await resource.diff(saved, single);
  expect(changes).toBe(replaces.length > 0);
  return replaces;
}

describe("a resource that moves to another provider", () => {
  test.each<{ from: string; olds: Fields; name: string; args: Fields }>([
    { from: "an explicit provider", olds: {}, name: "checkout", args: {} },
    {
      from: "the default provider",
      olds: { version: "0.1.0" },
      name: "checkout",
      args: { version: "0.1.0" },
    },
    { from: "another version", olds: { version: "0.1.0" }, name: "checkout", args: { version: "0.2.0" } },
    { from: "an explicit provider", olds: {}, name: "default", args: {} },
    { from: "an explicit provider", olds: {}, name: "default_0_1_0", args: { version: "0.1.0" } },
    { from: "an explicit provider", olds: { version: "0.1.0" }, name: "default", args: {} },
    {
      from: "another address of the plugin",
      olds: { version: "0.1.0", pluginDownloadURL: "https://example.com" },
      name: "default_0_1_0",
      args: { version: "0.1.0" },
    },
    { from: "other settings", olds: { version: "0.1.0", maxAttempts: "3" }, name: "default", args: {} },
  ])("from $from to $name is replaced if its organization is another one", async ({ olds, name, args }) => {
    expect(await move(await startProvider(name, args, "checkout"), olds)).toEqual(["source"]);
  });

  test("is unchanged if its organization is the same", async () => {
    expect(await move(await startProvider("renamed", {}, "payments"), {})).toEqual([]);
  });
});

describe("another version of the package", () => {
  const olds = { version: "0.1.0", pluginDownloadURL: "https://example.com", maxAttempts: "3" };
  const args = { version: "0.2.0", maxAttempts: "3" };

  test.each(["payments", "checkout"])("changes nothing, and sends no request: keys of %s", async (of) => {
    expect(await move(await startProvider("default_0_2_0", args, of), olds)).toEqual([]);
    expect(sandbox().requests).toEqual([]);
  });

  test.each([
    { from: "another version", version: "0.1.0" },
    { from: "no version", version: null },
  ])("changes nothing without credentials, from $from", async ({ version }) => {
    const offline = { checks: "offline" };
    const provider = await startProvider("default_0_2_0", { ...args, ...offline });
    expect(await move(provider, { ...olds, version, ...offline })).toEqual([]);
  });

  test("changes nothing if the former provider had none and its organization is the same", async () => {
    expect(await move(await startProvider("default_0_2_0", { version: "0.2.0" }, "payments"), {})).toEqual(
      [],
    );
  });

  test("needs credentials if no argument differs, because the former provider is another one", async () => {
    await expect(move(await startProvider("default"), {})).rejects.toThrow("[credentials-missing]");
  });

  test("does not hide the move of another resource, which needs credentials", async () => {
    const provider = await startProvider("default_0_2_0", { version: "0.2.0" });
    await provider.compareWith({ maxAttempts: "3" });
    await expect(move(provider, {})).rejects.toThrow("[credentials-missing]");
  });
});

describe.each([
  { type: "OrgConnection", inputs: single },
  { type: "OrgConnectionSet", inputs: set },
] as const)("a $type that moves to a provider of another organization", ({ type, inputs }) => {
  /** Checks, compares and checks again, as the engine does for a resource that must be replaced. */
  async function replace(given: Fields) {
    const saved = await declare(type, given);
    const connectionTypes = ["audit", "logs", "metrics"];
    const id = sandbox().connect({ source: "checkout", sink: "observability", connectionTypes });
    const { plugin, warnings, compareWith } = await startProvider("checkout", {}, "checkout");
    const resource = openResource(plugin, type, "hub");
    expect((await resource.check(given, saved.inputs)).failures).toEqual([]);
    await compareWith({});
    expect((await resource.diff(saved, given)).replaces).toEqual(["source"]);
    return { id, warnings, failures: (await resource.check(given)).failures };
  }

  test("reports the connection that it will adopt there, and its change", async () => {
    const { id, warnings, failures } = await replace({ ...inputs, adopt: true });
    expect(failures).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(`will adopt connection ${id}.* change its types to logs`),
    ]);
  });

  test("is refused if it would not adopt the connection there", async () => {
    expect((await replace({ ...inputs })).failures).toEqual([expect.stringContaining("[pair-exists]")]);
  });
});

test("a set that moves and has a new destination reports the adoption there once", async () => {
  const saved = await declare("OrgConnectionSet", set);
  sandbox().connect({ source: "checkout", sink: "security", connectionTypes: ["logs"] });
  const { plugin, warnings, compareWith } = await startProvider("checkout", {}, "checkout");
  const resource = openResource(plugin, "OrgConnectionSet", "hub");
  const news = {
    adopt: true,
    connections: { ...set.connections, [sandbox().getOrganization("security").id]: ["logs"] },
  };
  await resource.check(news, saved.inputs);
  await compareWith({});
  await resource.diff(saved, news);
  await resource.check(news);
  expect(warnings).toEqual([expect.stringContaining("will adopt")]);
});
