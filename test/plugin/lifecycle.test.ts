/** What the engine saves after calls of the plugin that end in another way than usual. */
import type * as grpc from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Status } from "@pulumi/pulumi/proto/status_pb.js";
import { expect, it } from "vitest";
import { useSandbox } from "../sandbox/harness.js";
import { createUrn, toStruct, usePlugin } from "./engine-calls.js";

const sandbox = useSandbox();
const startPlugin = usePlugin();

/** Starts a plugin with the keys of an organization. */
async function startConfigured(key = "payments") {
  const { apiKey, appKey } = sandbox().getOrganization(key);
  const plugin = await startPlugin({
    env: { DD_API_KEY: apiKey, DD_APP_KEY: appKey, DD_HOST: sandbox().url },
  });
  await plugin.configure({ maxAttempts: "1" });
  return plugin;
}
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const createInputs = (sink: string, adopt = false) => ({
  sinkOrgId: getOrgId(sink),
  connectionTypes: ["logs"],
  adopt,
});

it("a connection that another provider has deleted since the check is created, not adopted", async () => {
  const old = sandbox().connect({ source: "payments", sink: "observability" });
  const plugin = await startConfigured();
  const urn = createUrn("hub");
  const checked = await plugin.call(
    "check",
    new messages.CheckRequest().setUrn(urn).setNews(toStruct(createInputs("observability", true))),
  );
  sandbox().disconnect(old);
  const request = new messages.CreateRequest().setUrn(urn).setProperties(checked.getInputs());
  const created = await plugin.call("create", request);
  expect(sandbox().listConnections()).toMatchObject([{ id: created.getId() }]);
  expect(created.getId()).not.toBe(old);
});

it("with the keys of another organization, a connection is not reported as gone", async () => {
  const created = await (await startConfigured()).create(createInputs("observability"));
  const other = await startConfigured("checkout");
  const request = new messages.ReadRequest()
    .setUrn(createUrn("hub"))
    .setId(created.getId())
    .setProperties(created.getProperties())
    .setInputs(toStruct(createInputs("observability")));
  await expect(other.call("read", request)).rejects.toThrow("[wrong-organization]");
  sandbox().disconnect(created.getId());
  expect((await (await startConfigured()).call("read", request)).getId()).toBe("");
});

it("the state of a set that was created in part has what was created, and the reasons for the rest", async () => {
  sandbox().fail({
    on: { route: "createConnection", sinkOrgId: getOrgId("security") },
    moment: "before",
    what: { kind: "status", status: 400, body: { errors: ["refused"] } },
  });
  const plugin = await startConfigured();
  const urn = createUrn("all", "OrgConnectionSet");
  const connections = { [getOrgId("observability")]: ["logs"], [getOrgId("security")]: ["logs"] };
  const checked = await plugin.call(
    "check",
    new messages.CheckRequest().setUrn(urn).setNews(toStruct({ connections })),
  );
  const request = new messages.CreateRequest().setUrn(urn).setProperties(checked.getInputs());
  const error = await plugin.call("create", request).then(
    () => undefined,
    (reason: unknown) => reason as grpc.ServiceError,
  );
  const [live] = sandbox().listConnections();
  const [details] = error?.metadata.get("grpc-status-details-bin") ?? [];
  const [any] = Status.deserializeBinary(details as Buffer).getDetailsList();
  const failed = any?.unpack(
    (bytes) => messages.ErrorResourceInitFailed.deserializeBinary(bytes),
    "pulumirpc.ErrorResourceInitFailed",
  );
  expect(failed?.getId()).toBe(getOrgId("payments"));
  expect(failed?.getProperties()?.toJavaScript()).toMatchObject({
    members: { [getOrgId("observability")]: { id: live?.id } },
  });
  expect(failed?.getReasonsList()).toEqual([expect.stringContaining(getOrgId("security"))]);
});
