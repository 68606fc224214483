import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { describe, expect, it } from "vitest";
import { useSandbox } from "../sandbox/harness.js";
import { createProviderUrn, createSecret, toStruct, usePlugin } from "./engine-calls.js";

const sandbox = useSandbox();
const startPlugin = usePlugin();

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const getKeys = (of: string) => {
  const { apiKey, appKey } = sandbox().getOrganization(of);
  return { apiKey, appKey };
};
const toVariables = (of: string, suffix = "") => ({
  [`DD_API_KEY${suffix}`]: getKeys(of).apiKey,
  [`DD_APP_KEY${suffix}`]: getKeys(of).appKey,
});
const listSources = () =>
  sandbox()
    .listConnections()
    .map(({ sourceOrgId }) => sandbox().organizations.find(({ id }) => id === sourceOrgId)?.key);
const formatFailures = (response: messages.CheckResponse) =>
  response.getFailuresList().map((failure) => `${failure.getProperty()}${failure.getReason()}`);

describe("CheckConfig", () => {
  it.each([
    { args: { maxAttempts: "0" }, failure: /^`maxAttempts` must be an integer from 1 to 100/ },
    { args: { checks: "never" }, failure: /^`checks` must be "online" or "offline"/ },
    { args: { id: "payments" }, failure: /^`id` must be a UUID/ },
    { args: { apikey: "x" }, failure: /^`apikey` is not a setting .* settings are apiKey, / },
    { args: { organizations: "[]" }, failure: /^`organizations` is not an object/ },
    {
      args: { organizations: { payments: { apikey: "x" } } },
      failure: /^`organizations` is invalid at `payments\.apikey`/,
    },
    {
      args: { identity: '{"type":"saml"}' },
      failure: /^`identity` is invalid at `type`: it must be one of aws,/,
    },
  ])("refuses $args", async ({ args, failure }) => {
    const plugin = await startPlugin();
    const failures = formatFailures(await plugin.checkConfig(args));
    expect(failures).toEqual([expect.stringMatching(failure)]);
    expect(failures.join()).toContain("[invalid-configuration]");
  });

  it("reports every problem, and quotes no value, which the engine does for a property", async () => {
    const plugin = await startPlugin();
    const args = { apiKey: { nested: "SECRET" }, checks: "SECRET", id: "SECRET", other: "SECRET" };
    const failures = formatFailures(await plugin.checkConfig(args));
    expect(failures).toHaveLength(3);
    expect(failures.join()).not.toContain("SECRET");
  });

  it.each([
    { maxAttempts: "3", organizations: '{"payments":{"id":"4dee724d-0000-4000-8000-00d4f1a2b3c4"}}' },
    { maxAttempts: 3, organizations: { payments: { site: "datadoghq.eu" } }, identity: { type: "github" } },
    { maxAttempts: UNKNOWN, organizations: UNKNOWN, site: UNKNOWN },
    { organizations: { payments: { apiKey: UNKNOWN, id: UNKNOWN } } },
    { version: "1.2.3", pluginDownloadURL: "https://example.com", pluginChecksums: { a: "b" } },
    { __internal: { envVarMappings: {} }, site: null },
  ])("returns exactly %j", async (args) => {
    const env = { DD_API_KEY: "from-the-environment", DD_SITE: "datadoghq.eu" };
    const plugin = await startPlugin({ env });
    const response = await plugin.checkConfig(args);
    expect(formatFailures(response)).toEqual([]);
    const inputs = JSON.stringify(response.getInputs()?.toJavaScript());
    for (const [name, value] of Object.entries(args)) {
      if (!JSON.stringify(value).includes(UNKNOWN) || typeof value === "string")
        expect(JSON.parse(inputs)).toHaveProperty(name, value);
    }
    expect(inputs).not.toContain("from-the-environment");
  });

  it("marks what contains a key or a token as a secret, so that the engine encrypts it in the state", async () => {
    const plugin = await startPlugin();
    const named = '{"payments":{"apiKey":"b"}}';
    const args = { apiKey: "a", bearerToken: "", organizations: named, site: "datadoghq.eu" };
    const response = await plugin.checkConfig(args);
    expect(response.getInputs()?.toJavaScript()).toEqual({
      apiKey: createSecret("a"),
      bearerToken: "",
      organizations: createSecret(named),
      site: "datadoghq.eu",
    });
  });

  it.each([
    {
      form: "an object",
      keys: { apiKey: "b", appKey: createSecret("c") },
      text: '{"p":{"apiKey":"b","appKey":"c"}}',
    },
    { form: "an object with an unknown part", keys: { apiKey: "b", appKey: UNKNOWN }, text: UNKNOWN },
  ])(
    "returns $form as secret JSON text, because the engine drops the mark of an object",
    async ({ keys, text }) => {
      const plugin = await startPlugin();
      for (const organizations of [{ p: keys }, createSecret({ p: keys })]) {
        const response = await plugin.checkConfig({ organizations });
        expect(response.getInputs()?.toJavaScript()).toEqual({ organizations: createSecret(text) });
      }
    },
  );

  describe("a provider that has the name of the default provider", () => {
    const named = { playground: { id: "4dee724d-0000-4000-8000-00d4f1a2b3c4", appKey: "c" } };
    const playground = JSON.stringify(named, null, 1);
    const settings = { apiKey: "a", organizations: playground, maxAttempts: "3" };
    const check = async (args: Parameters<typeof toStruct>[0], name?: string) => {
      const plugin = await startPlugin({ stackConfiguration: JSON.stringify(settings) });
      return formatFailures(await plugin.checkConfig(args, name));
    };

    it.each([
      { of: "the engine", args: { ...settings, version: "1.2.3", pluginDownloadURL: "https://example.com" } },
      {
        of: "a program",
        args: { ...settings, organizations: named, maxAttempts: 3, site: null },
      },
    ])("may have the settings of the stack: $of", async ({ args }) => {
      expect(await check(args, "default_1_2_3")).toEqual([]);
    });

    it.each([
      { setting: "apiKey", args: { ...settings, apiKey: "other" } },
      { setting: "organizations", args: { ...settings, organizations: playground.replace("4dee", "5dee") } },
      { setting: "organizations", args: { ...settings, organizations: UNKNOWN } },
      { setting: "organizations", args: { apiKey: "a", maxAttempts: "3" } },
      { setting: "identity", args: { ...settings, identity: { type: "github" } } },
      { setting: "checks", args: { ...settings, checks: "offline" } },
    ])("is refused with another $setting: $args", async ({ setting, args }) => {
      const failure: unknown = expect.stringMatching(new RegExp(`^The provider .*\`${setting}\`.*Rename it`));
      expect(await check(args)).toEqual([failure]);
      expect(await check(args, "default_9_9_9")).toEqual([failure]);
      expect(await check(args, "payments")).toEqual([]);
    });
  });
});

describe("DiffConfig", () => {
  it.each([
    { olds: { apiKey: "a" }, news: { apiKey: "b" }, changes: 2 },
    { olds: { apiKey: "a", url: "https://a.example" }, news: { url: "https://b.example" }, changes: 2 },
    { olds: {}, news: { organizations: "{}", version: "2.0.0" }, changes: 2 },
    { olds: { apiKey: createSecret("a") }, news: { apiKey: "a" }, changes: 1 },
    {
      olds: { organizations: { b: { appKey: "c", apiKey: "a" } }, maxAttempts: 3 },
      news: { organizations: createSecret('{"b":{"apiKey":"a","appKey":"c"}}'), maxAttempts: "3" },
      changes: 1,
    },
    {
      olds: { organizations: { b: { apiKey: "a" } } },
      news: { organizations: '{"b":{"apiKey":"c"}}' },
      changes: 2,
    },
    { olds: { apiKey: "1".repeat(31) }, news: { apiKey: `${"1".repeat(30)}2` }, changes: 2 },
  ])("from $olds to $news replaces nothing", async ({ olds, news, changes }) => {
    const plugin = await startPlugin();
    const request = new messages.DiffRequest()
      .setUrn(createProviderUrn("payments"))
      .setOldInputs(toStruct(olds))
      .setNews(toStruct(news));
    const response = await plugin.call("diffConfig", request);
    expect(response.getChanges()).toBe(changes);
    expect(response.getReplacesList()).toEqual([]);
    const kinds = response.getDetaileddiffMap().toArray();
    expect(kinds.filter(([, kind]) => JSON.stringify(kind).includes("REPLACE"))).toEqual([]);
  });
});

describe("the arguments of a provider that a program declares", () => {
  const declare = () => ({ sinkOrgId: getOrgId("observability"), connectionTypes: ["logs"] });

  it.each(["__DEFAULT", ""])("take precedence over DD_API_KEY%s", async (suffix) => {
    const plugin = await startPlugin({ env: toVariables("checkout", suffix) });
    await plugin.configure({ ...getKeys("payments"), url: sandbox().url }, "payments");
    await plugin.create(declare());
    expect(listSources()).toEqual(["payments"]);
  });

  it("take precedence over the variables of a named organization, its id and its address", async () => {
    const env = {
      ...toVariables("checkout", "__PAYMENTS"),
      DD_ORG_UUID__PAYMENTS: getOrgId("checkout"),
      DD_HOST__PAYMENTS: "https://elsewhere.example",
    };
    const plugin = await startPlugin({ env });
    const organizations = { payments: { ...getKeys("payments"), url: sandbox().url } };
    await plugin.configure({ organizations: createSecret(JSON.stringify(organizations)) }, "hub");
    await plugin.create({ ...declare(), source: "payments" });
    expect(listSources()).toEqual(["payments"]);
  });

  it("leave organizations to the environment whose credentials they do not have", async () => {
    const env = { ...toVariables("checkout", "__CHECKOUT"), DD_HOST__CHECKOUT: sandbox().url };
    const plugin = await startPlugin({ env });
    await plugin.configure({ ...getKeys("payments"), url: sandbox().url }, "hub");
    await plugin.create({ ...declare(), source: "checkout" });
    expect(listSources()).toEqual(["checkout"]);
  });

  it("have precedence too if an engine does not say which provider it is", async () => {
    const plugin = await startPlugin({ env: toVariables("checkout", "__DEFAULT") });
    await plugin.call(
      "configure",
      new messages.ConfigureRequest().setArgs(toStruct({ ...getKeys("payments"), url: sandbox().url })),
    );
    await plugin.create(declare());
    expect(listSources()).toEqual(["payments"]);
  });

  it.each(["default", "default_1_2_3", "default_1_2_3_alpha_1", "default_https_/example.com"])(
    "are those of the stack's configuration for %s, which variables by name override",
    async (name) => {
      const env = { ...toVariables("checkout", "__DEFAULT"), DD_HOST__DEFAULT: sandbox().url };
      const plugin = await startPlugin({ env });
      await plugin.configure({ ...getKeys("payments"), url: sandbox().url }, name);
      await plugin.create(declare());
      expect(listSources()).toEqual(["checkout"]);
    },
  );

  it.each(["default-eu", "default_eu", "defaults", "Default"])("are not overridden for %s", async (name) => {
    const plugin = await startPlugin({ env: toVariables("checkout", "__DEFAULT") });
    await plugin.configure({ ...getKeys("payments"), url: sandbox().url }, name);
    await plugin.create(declare());
    expect(listSources()).toEqual(["payments"]);
  });
});

describe("an address", () => {
  const declare = () => ({ sinkOrgId: getOrgId("observability"), connectionTypes: ["logs"] });

  it.each([
    { name: "default", from: "the stack's configuration" },
    { name: "hub", from: "the program" },
  ])("in the arguments of $name gets no credentials of the environment", async ({ name, from }) => {
    const plugin = await startPlugin({ env: toVariables("payments") });
    await plugin.configure({ url: sandbox().url }, name);
    await expect(plugin.create(declare())).rejects.toThrow(
      `Credentials from the environment are sent to an address from ${from} only if`,
    );
    expect(sandbox().requests).toEqual([]);
  });

  it("in the environment gets no credentials of arguments", async () => {
    const plugin = await startPlugin({ env: { DD_HOST: sandbox().url } });
    await plugin.configure(getKeys("payments"), "hub");
    const created = plugin.create(declare());
    await expect(created).rejects.toThrow(/`apiKey` of provider "hub".*Set argument `url` of provider "hub"/);
    expect(sandbox().requests).toEqual([]);
  });
});

describe("a provider without complete arguments", () => {
  it("plans without a request", async () => {
    const env = { ...toVariables("payments"), DD_HOST: sandbox().url };
    const plugin = await startPlugin({ env });
    await plugin.configure({ organizations: { payments: { apiKey: UNKNOWN } } }, "hub");
    const inputs = { source: "payments", sinkOrgId: getOrgId("observability"), connectionTypes: ["logs"] };
    await plugin.create(inputs, "hub", true);
    expect(sandbox().requests).toEqual([]);
  });

  it("names no setting of the Datadog provider, which the plugin does not get", async () => {
    const plugin = await startPlugin();
    await plugin.configure({}, "default");
    const error: unknown = await plugin
      .create({ sinkOrgId: getOrgId("observability"), connectionTypes: ["logs"] })
      .catch((reason: unknown) => reason);
    expect(String(error)).toContain("[credentials-missing]");
    expect(String(error)).toContain("DD_API_KEY");
    expect(String(error)).not.toContain("datadog:apiKey");
  });
});
