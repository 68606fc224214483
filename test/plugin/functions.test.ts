/** Functions of the plugin, called as the engine calls them: through its gRPC server. */
import { startSandbox, type Sandbox } from "datadog-org-connections-sandbox";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestPlugin, toStruct, usePlugin } from "./engine-calls.js";

const startPlugin = usePlugin();
let sandbox: Sandbox;
let plugin: TestPlugin;
beforeEach(async () => {
  sandbox = await startSandbox();
  plugin = await startPlugin({ env: createEnv() });
  await plugin.configure({});
});
afterEach(() => sandbox.close());

/** The keys of the default organization, Acme Payments, and of the hub. */
function createEnv(): NodeJS.ProcessEnv {
  const [payments, hub] = [sandbox.getOrganization("payments"), sandbox.getOrganization("observability")];
  return {
    DD_HOST: sandbox.url,
    DD_API_KEY: payments.apiKey,
    DD_APP_KEY: payments.appKey,
    DD_HOST__HUB: sandbox.url,
    DD_API_KEY__HUB: hub.apiKey,
    DD_APP_KEY__HUB: hub.appKey,
  };
}

const getId = (key: string): string => sandbox.getOrganization(key).id;
const connect = (sink: string, connectionTypes: string[]): string =>
  sandbox.connect({ source: "payments", sink, connectionTypes });
const countLists = (): number =>
  sandbox.requests.filter(
    ({ method, path }) => method === "GET" && path.startsWith("/api/v2/org_connections"),
  ).length;

/** Sends a call of a function. */
const invoke = (name: string, args: Parameters<typeof toStruct>[0], { preview = false } = {}) =>
  plugin.call(
    "invoke",
    new messages.InvokeRequest()
      .setTok(`datadog-org-connections:index:${name}`)
      .setArgs(toStruct(args))
      .setPreview(preview),
  );

/** Calls a function. @returns its result, or its failures as strings */
async function call(...request: Parameters<typeof invoke>): Promise<unknown> {
  const response = await invoke(...request);
  const failures = response.getFailuresList().map((one) => `${one.getProperty()}: ${one.getReason()}`);
  return failures.length > 0 ? failures : response.getReturn()?.toJavaScript();
}

describe("getOrganization", () => {
  test.each([{ name: "acme observability" }, { name: "Acme Observability", id: null, source: null }])(
    "returns the organization with a name: %j",
    async (args) => {
      expect(await call("getOrganization", args)).toMatchObject({
        id: getId("observability"),
        name: "Acme Observability",
        disabled: false,
      });
    },
  );

  test("returns the organization with an ID, as other credentials see it", async () => {
    const id = getId("payments");
    expect(await call("getOrganization", { id, source: "hub" })).toMatchObject({ name: "Acme Payments" });
  });

  test("fails for a name that no organization has, without a response", async () => {
    await expect(call("getOrganization", { name: "Acme Paiments" })).rejects.toMatchObject({
      details: expect.stringMatching(/Acme Paiments.*\[organization-unknown\]$/) as string,
    });
  });
});

test("getOrganizations returns an object with the list, and requests it once", async () => {
  const results = await Promise.all([call("getOrganizations", {}), call("getOrganizations", {})]);
  const names = sandbox.organizations.flatMap(({ name }) => (name.startsWith("Acme ") ? [name] : []));
  for (const result of results) {
    const { organizations } = result as { organizations: { name: string }[] };
    expect(organizations.map(({ name }) => name)).toEqual(names);
  }
  expect(sandbox.requests.map(({ path }) => path)).toEqual(["/api/v2/org"]);
});

describe("getOrgConnections", () => {
  const getTypes = async (...request: Parameters<typeof invoke>): Promise<unknown> =>
    ((await call(...request)) as { connections: { connectionTypes: string[] }[] }).connections.map(
      ({ connectionTypes }) => connectionTypes,
    );

  beforeEach(() => {
    connect("security", ["audit"]);
  });

  test("returns an object with the connections that match the filters", async () => {
    connect("observability", ["logs"]);
    expect(await call("getOrgConnections", { sinkOrgId: getId("security").toUpperCase() })).toEqual({
      connections: [
        expect.objectContaining({
          source: { id: getId("payments"), name: "Acme Payments" },
          sink: { id: getId("security"), name: "Acme Security" },
          connectionTypes: ["audit"],
        }),
      ],
    });
    expect(await getTypes("getOrgConnections", { sourceOrgId: getId("observability") })).toEqual([]);
  });

  test("shows a connection that the program has created before", async () => {
    await getTypes("getOrgConnections", {});
    await plugin.create({ sinkOrgId: getId("observability"), connectionTypes: ["logs"] });
    expect(await getTypes("getOrgConnections", {})).toEqual([["audit"], ["logs"]]);
  });

  test("shows a connection from another organization, which another session or process has created", async () => {
    await getTypes("getOrgConnections", { source: "hub" });
    await plugin.create({ sinkOrgId: getId("observability"), connectionTypes: ["logs"] });
    expect(await getTypes("getOrgConnections", { source: "hub" })).toEqual([["logs"]]);
  });

  test("in a preview, functions and preview checks share one list", async () => {
    await getTypes("getOrgConnections", {}, { preview: true });
    await plugin.create({ sinkOrgId: getId("observability"), connectionTypes: ["logs"] }, "hub", true);
    await getTypes("getOrgConnections", { sinkOrgId: getId("security") }, { preview: true });
    expect(countLists()).toBe(1);
  });

  test("concurrent calls of an update share a list, which is requested after each of them", async () => {
    await Promise.all(Array.from({ length: 20 }, () => getTypes("getOrgConnections", {})));
    expect(countLists()).toBeLessThanOrEqual(2);
  });

  test("a connection that appears after the call is adopted: a create does not trust the list of a function", async () => {
    await getTypes("getOrgConnections", {});
    const id = connect("observability", ["logs"]);
    const created = await plugin.create({
      sinkOrgId: getId("observability"),
      connectionTypes: ["logs"],
      adopt: true,
    });
    expect(created.getId()).toBe(id);
    expect(sandbox.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

describe("a problem of the arguments is a failure of the response, before any request", () => {
  test.each([
    [
      "getOrganizations",
      { sorce: "hub" },
      "sorce: `sorce` is not an argument of getOrganizations. Its arguments are source. [invalid-input]",
    ],
    [
      "getOrgConnections",
      { sinkOrgId: "hub" },
      /^sinkOrgId: getOrgConnections: `sinkOrgId` is not the UUID of an organization: "hub"\..*\[invalid-input\]$/,
    ],
    ["getOrganization", { name: ["x"] }, "name: getOrganization: `name` must be a string. [invalid-input]"],
    ["getOrganization", {}, "name: getOrganization requires exactly one of `name` and `id`. [invalid-input]"],
    [
      "getOrganization",
      { name: "x", id: "y" },
      "id: getOrganization requires exactly one of `name` and `id`. [invalid-input]",
    ],
  ])("%s %j", async (name, args, failure) => {
    expect(await call(name, args)).toEqual([
      typeof failure === "string" ? failure : expect.stringMatching(failure),
    ]);
    expect(sandbox.requests).toEqual([]);
  });
});

describe("another problem is an error of gRPC, without a stack trace", () => {
  test("an organization without credentials", async () => {
    await expect(invoke("getOrganizations", { source: "nowhere" })).rejects.toMatchObject({
      details: expect.stringMatching(/"nowhere".*\[unknown-source\]$/) as string,
    });
  });

  test("a refused request", async () => {
    sandbox.setPermissions("payments", []);
    await expect(invoke("getOrgConnections", {})).rejects.toMatchObject({
      details: expect.stringMatching(/\[forbidden\]$/) as string,
    });
  });

  test.each(["getOrganisation", "constructor", "__proto__"])("the unknown function %s", async (name) => {
    await expect(invoke(name, {})).rejects.toMatchObject({
      details: expect.stringContaining(
        `there is no function datadog-org-connections:index:${name}.`,
      ) as string,
    });
  });
});
