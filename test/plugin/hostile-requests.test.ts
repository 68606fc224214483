import type * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Struct, Value } from "google-protobuf/google/protobuf/struct_pb.js";
import { describe, expect, it } from "vitest";
import { useSandbox } from "../sandbox/harness.js";
import { type TestPlugin, createUrn, toStruct, usePlugin } from "./engine-calls.js";

const sandbox = useSandbox();
const startPlugin = usePlugin();
/** A value that no message may repeat. */
const CANARY = "CANARY-VALUE";

/** Encodes a field of a message: its number and its bytes. */
const encodeField = (number: number, length: number): Buffer => {
  const bytes = [(number << 3) | 2];
  for (let rest = length; ; rest >>>= 7) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 127) | 128);
  }
};

/** Encodes a `Check` whose properties are nested so deeply that a recursive reader may run out of stack. */
function encodeNestedCheck(depth: number): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  const wrap = (header: Buffer) => {
    parts.push(header);
    length += header.length;
  };
  const key = Buffer.from([0x0a, 1, 0x61]);
  for (let level = 0; level < depth; level++) {
    wrap(encodeField(5, length));
    wrap(encodeField(2, length));
    wrap(key);
    wrap(encodeField(1, length));
  }
  wrap(encodeField(3, length));
  const urn = Buffer.from(createUrn("hub"));
  return Buffer.concat([encodeField(1, urn.length), urn, ...parts.reverse()]);
}

/** Sends bytes as the request of a method. */
const sendBytes = (plugin: TestPlugin, name: keyof typeof ResourceProviderService, bytes: Buffer) =>
  new Promise<grpc.ServiceError | null>((resolve) => {
    const { path } = ResourceProviderService[name] as grpc.MethodDefinition<unknown, unknown>;
    plugin.client.makeUnaryRequest(
      path,
      (given: Buffer) => given,
      (given: Buffer) => given,
      bytes,
      (error) => {
        resolve(error);
      },
    );
  });

const configure = (plugin: TestPlugin) => {
  const { apiKey, appKey } = sandbox().getOrganization("payments");
  return plugin.configure({ apiKey, appKey, url: sandbox().url }, "payments");
};

/** Expects that the plugin still works. */
async function expectAlive(plugin: TestPlugin): Promise<void> {
  await configure(plugin);
  const sinkOrgId = sandbox().getOrganization("observability").id;
  await plugin.create({ sinkOrgId, connectionTypes: ["logs"] });
  expect(sandbox().listConnections()).toHaveLength(1);
}

const getDetails = (sent: Promise<unknown>): Promise<string> =>
  sent.then(
    () => "a response",
    (error: unknown) => (error as grpc.ServiceError).details,
  );

describe("a request that is no message", () => {
  const methods = Object.entries(ResourceProviderService)
    .filter(([name, { responseStream }]) => !responseStream && name !== "cancel")
    .map(([name]) => name as keyof typeof ResourceProviderService);

  it.each(methods)("%s with other bytes gets a response or an error", async (name) => {
    const plugin = await startPlugin();
    for (const bytes of [[], [0xff], [0x0a, 0x7f], [0x1a, 0x02, 0x0a, 0x05], Array<number>(1000).fill(0x1a)])
      await sendBytes(plugin, name, Buffer.from(bytes));
    await expectAlive(plugin);
  });

  it("nested too deeply gets an error", async () => {
    const plugin = await startPlugin();
    for (const depth of [100, 3000, 100_000]) {
      const error = await sendBytes(plugin, "check", encodeNestedCheck(depth));
      expect(error?.details ?? "").not.toContain("\n");
    }
    await expectAlive(plugin);
  });
});

describe("properties that no program has", () => {
  const hostile = (): Struct[] => {
    const empty = new Struct();
    empty.getFieldsMap().set("sinkOrgId", new Value());
    return [
      empty,
      new Struct(),
      toStruct({ sinkOrgId: 7, connectionTypes: { logs: CANARY }, adopt: CANARY, reason: [CANARY] }),
      toStruct({ connections: CANARY, members: [CANARY], exclusive: CANARY, source: { a: CANARY } }),
      toStruct({ connections: { [CANARY]: CANARY }, members: { [CANARY]: 1 }, sourceOrgId: CANARY }),
      toStruct({ ["__proto__"]: { sinkOrgId: CANARY }, constructor: CANARY, toString: CANARY }),
      toStruct({ sinkOrgId: Number.NaN, connectionTypes: [null, 1, [CANARY]], source: "\u202e".repeat(9) }),
      toStruct({ sinkOrgId: "x".repeat(200_000), connectionTypes: Array<string>(1000).fill(CANARY) }),
    ];
  };

  it.each(["OrgConnection", "OrgConnectionSet"])("of %s are refused without a write", async (type) => {
    const plugin = await startPlugin();
    await configure(plugin);
    const urn = createUrn("hub", type);
    for (const properties of hostile()) {
      const details = await Promise.all(
        [
          plugin.call("check", new messages.CheckRequest().setUrn(urn).setNews(properties)),
          plugin.call(
            "check",
            new messages.CheckRequest().setUrn(urn).setOlds(properties).setNews(properties),
          ),
          plugin.call("diff", new messages.DiffRequest().setUrn(urn).setOlds(properties).setNews(properties)),
          plugin.call("create", new messages.CreateRequest().setUrn(urn).setProperties(properties)),
          plugin.call("read", new messages.ReadRequest().setUrn(urn).setId(CANARY).setProperties(properties)),
          plugin.call(
            "update",
            new messages.UpdateRequest().setUrn(urn).setOlds(properties).setNews(properties),
          ),
          plugin.call("delete", new messages.DeleteRequest().setUrn(urn).setProperties(properties)),
        ].map(getDetails),
      );
      const internal = details.filter((text) => text.includes("internal error"));
      expect(internal.join(), "internal errors").not.toContain(CANARY);
    }
    expect(sandbox().requests.filter(({ method }) => method !== "GET")).toEqual([]);
    await expectAlive(plugin);
  });

  it("of a provider get failures or an error, and no value is repeated", async () => {
    const plugin = await startPlugin();
    for (const properties of hostile()) {
      const request = new messages.CheckRequest().setUrn("x").setNews(properties);
      const checked = await getDetails(
        plugin.call("checkConfig", request).then((response) => {
          const reasons = response.getFailuresList().map((failure) => failure.getReason());
          if (reasons.length > 0) throw Object.assign(new Error(), { details: reasons.join() });
        }),
      );
      const configured = await getDetails(
        plugin.call("configure", new messages.ConfigureRequest().setArgs(properties)),
      );
      expect(`${checked} ${configured}`).not.toContain(CANARY);
    }
    await expectAlive(plugin);
  });
});

describe("a request for what the plugin does not have", () => {
  it.each(["constructor", "__proto__", "datadog-org-connections:index:Other", "", "\u001b[31m"])(
    "a resource of the type %j",
    async (type) => {
      const plugin = await startPlugin();
      const request = new messages.CheckRequest().setType(type).setUrn("urn");
      const details = await getDetails(plugin.call("check", request));
      expect(details).toMatch(/^there is no resource type .*\[invalid-input\]$/);
      expect(details).not.toContain("\u001b");
    },
  );

  it.each(["constructor", "", "datadog-org-connections:index:getOther"])("a function %j", async (token) => {
    const plugin = await startPlugin();
    const request = new messages.InvokeRequest().setTok(token);
    expect(await getDetails(plugin.call("invoke", request))).toMatch(/\[invalid-input\]$/);
  });
});
