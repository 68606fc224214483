/** Reads without a state, as the engine sends them in an import (no inputs) and in a `get` (inputs and properties are equal). */
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { expect, test } from "vitest";
import { useSandbox } from "../sandbox/harness.js";
import { toStruct, usePlugin } from "./engine-calls.js";

const sandbox = useSandbox();
const startPlugin = usePlugin();
const createUrn = (type = "OrgConnection") =>
  `urn:pulumi:dev::app::datadog-org-connections:index:${type}::one`;
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const connect = (source: string, sink: string) =>
  sandbox().connect({ source, sink, connectionTypes: ["logs"] });

/** Starts a plugin with the credentials of "payments", the default organization, and of other organizations by their names. */
async function startConfigured(...keys: string[]) {
  const env: Record<string, string> = { DD_HOST: sandbox().url };
  for (const key of ["payments", ...keys]) {
    const { apiKey, appKey } = sandbox().getOrganization(key);
    const suffix = key === "payments" ? "" : `__${key.toUpperCase()}`;
    Object.assign(env, { [`DD_API_KEY${suffix}`]: apiKey, [`DD_APP_KEY${suffix}`]: appKey });
  }
  const plugin = await startPlugin({ env });
  await plugin.configure({});
  const read = async (request: messages.ReadRequest) => {
    const response = await plugin.call("read", request);
    return {
      id: response.getId(),
      properties: response.getProperties()?.toJavaScript() ?? {},
      inputs: response.getInputs()?.toJavaScript(),
    };
  };
  return {
    importResource: (id: string, type?: string) =>
      read(new messages.ReadRequest().setId(id).setUrn(createUrn(type)).setProperties(toStruct({}))),
    get: (id: string, args: Record<string, string>) =>
      read(
        new messages.ReadRequest()
          .setId(id)
          .setUrn(createUrn())
          .setProperties(toStruct(args))
          .setInputs(toStruct(args)),
      ),
    readState: (id: string, state: Record<string, string>, type?: string) =>
      read(
        new messages.ReadRequest()
          .setId(id)
          .setUrn(createUrn(type))
          .setProperties(toStruct(state))
          .setInputs(toStruct({})),
      ),
  };
}

test("an import returns the real ID, the state, and inputs without what the program need not declare", async () => {
  const id = connect("checkout", "security");
  const plugin = await startConfigured("checkout");
  const imported = await plugin.importResource(`checkout/${getOrgId("security")}`);
  expect(imported.id).toBe(id);
  expect(imported.inputs).toEqual({
    source: "checkout",
    sinkOrgId: getOrgId("security"),
    connectionTypes: ["logs"],
  });
  expect(imported.properties).toMatchObject({ ...imported.inputs, sourceOrgName: "Acme Checkout" });
});

test("an import of a set has the UUID of its organization as ID", async () => {
  const id = connect("payments", "security");
  const plugin = await startConfigured();
  const imported = await plugin.importResource("default", "OrgConnectionSet");
  expect(imported.id).toBe(getOrgId("payments"));
  expect(imported.inputs).toEqual({ connections: { [getOrgId("security")]: ["logs"] } });
  expect(imported.properties["members"]).toMatchObject({ [getOrgId("security")]: { id } });
});

test.each([
  ["not found", () => "99999999-9999-4999-8999-999999999999", "connection-not-found"],
  ["malformed", () => "security", "invalid-input"],
  ["of the other direction", () => connect("observability", "payments"), "wrong-organization"],
  ["of an organization without credentials", () => `shop/${getOrgId("security")}`, "unknown-source"],
])("an import by an ID that is %s fails, and is never a missing resource", async (_, getId, code) => {
  const id = getId();
  const plugin = await startConfigured("checkout");
  await expect(plugin.importResource(id)).rejects.toThrow(`[${code}]`);
});

test("a get with `source` reads a connection to that organization too; without it, the ID is that of an import", async () => {
  const incoming = connect("search", "checkout");
  const outgoing = connect("checkout", "security");
  const plugin = await startConfigured("checkout");
  const read = await plugin.get(incoming.toUpperCase(), { source: "checkout" });
  expect(read).toMatchObject({ id: incoming, properties: { sourceOrgName: "Acme Search" } });
  expect(await plugin.get(outgoing, {})).toMatchObject({ id: outgoing, properties: { source: "checkout" } });
  await expect(plugin.get(incoming, {})).rejects.toThrow("[wrong-organization]");
});

test("a refresh of a get of a deleted connection to `source` says how to remove the get", async () => {
  const incoming = connect("search", "checkout");
  const plugin = await startConfigured("checkout");
  const { properties } = await plugin.get(incoming, { source: "checkout" });
  sandbox().disconnect(incoming);
  const refreshing = await startConfigured("checkout");
  await expect(refreshing.readState(incoming, properties as Record<string, string>)).rejects.toThrow(
    /remove the `get` from the program, then run either `pulumi up` without --refresh or `pulumi state delete`/,
  );
});

test("a refresh of a set whose state lacks its members is no import", async () => {
  connect("payments", "security");
  const plugin = await startConfigured();
  const state = { sourceOrgId: getOrgId("payments") };
  const refresh = plugin.readState(getOrgId("payments"), state, "OrgConnectionSet");
  await expect(refresh).rejects.toThrow("[invalid-state]");
});
