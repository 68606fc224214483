import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { LogSeverity, type LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { afterEach, describe, expect, it } from "vitest";
import { parseNotices } from "../../core/src/connection/notices.js";
import { createEngineLog } from "../../plugin/src/protocol/engine-log.js";
import { formatError } from "../../plugin/src/protocol/errors.js";
import { useSandbox } from "../sandbox/harness.js";
import { createUrn, toStruct, usePlugin } from "./engine-calls.js";

const sandbox = useSandbox();
const startPlugin = usePlugin();
const engines: grpc.Server[] = [];

afterEach(() => {
  for (const engine of engines.splice(0)) engine.forceShutdown();
});

/** Starts an engine that accepts messages, the first one after a delay. */
async function startEngine() {
  const received: { urn: string; message: string; severity: number }[] = [];
  const engine = new grpc.Server();
  const refuse: grpc.handleUnaryCall<unknown, never> = (_, callback) => {
    callback({ code: grpc.status.UNIMPLEMENTED });
  };
  engine.addService(EngineService, {
    log: ({ request }: { request: LogRequest }, callback: grpc.sendUnaryData<Empty>) => {
      setTimeout(() => {
        received.push({
          urn: request.getUrn(),
          message: request.getMessage(),
          severity: request.getSeverity(),
        });
        callback(null, new Empty());
      }, 30);
    },
    getRootResource: refuse,
    setRootResource: refuse,
    startDebugging: refuse,
    requirePulumiVersion: refuse,
  });
  engines.push(engine);
  const port = await new Promise<number>((resolve, reject) => {
    engine.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return { address: `127.0.0.1:${port}`, received };
}

const getEnvironment = () => {
  const { apiKey, appKey } = sandbox().getOrganization("payments");
  return { DD_API_KEY: apiKey, DD_APP_KEY: appKey, DD_HOST: sandbox().url };
};
const declare = (sink: string) => ({
  sinkOrgId: sandbox().getOrganization(sink).id,
  connectionTypes: ["logs"],
  adopt: true,
});

describe("a message", () => {
  it("names the resource of its call, of two at the same time, and arrives before the response", async () => {
    const engine = await startEngine();
    const log = createEngineLog(engine.address, () => undefined);
    const plugin = await startPlugin({ env: getEnvironment(), log });
    sandbox().connect({ source: "payments", sink: "observability" });
    sandbox().connect({ source: "payments", sink: "security" });
    await plugin.configure({});
    const check = async (name: string, sink: string) => {
      const request = new messages.CheckRequest().setUrn(createUrn(name)).setNews(toStruct(declare(sink)));
      await plugin.call("check", request);
      return engine.received.filter(({ urn }) => urn === createUrn(name)).length;
    };
    expect(await Promise.all([check("one", "observability"), check("two", "security")])).toEqual([1, 1]);
    for (const { message, severity, urn } of engine.received) {
      expect(severity).toBe(LogSeverity.WARNING);
      const name = urn === createUrn("one") ? "Acme Observability" : "Acme Security";
      expect(message).toContain(`to ${name}`);
      // The review reads the notices from the diagnostics of the preview.
      expect(parseNotices(message).notices).toMatchObject([{ kind: "adoption" }]);
    }
  });

  it("reports once that an organization does not respond, so that nothing was checked", async () => {
    const engine = await startEngine();
    const log = createEngineLog(engine.address, () => undefined);
    const plugin = await startPlugin({ env: { ...getEnvironment(), DD_HOST: "http://127.0.0.1:1" }, log });
    await plugin.configure({ maxAttempts: 1 });
    for (const name of ["observability", "security"]) await plugin.create(declare(name), name, true);
    expect(engine.received).toMatchObject([
      { severity: LogSeverity.WARNING, urn: createUrn("observability") },
    ]);
    const [{ message } = { message: "" }] = engine.received;
    expect(message).toMatch(/^not checked: the connections of the default organization\. .* failed\. /);
    expect(parseNotices(message).notices).toMatchObject([{ kind: "not-checked", code: "connection-failed" }]);
  });

  it("is printed if the engine does not accept it, or if there is none", async () => {
    const { address } = await startEngine();
    engines[0]?.forceShutdown();
    for (const engine of [address, undefined]) {
      const printed: string[] = [];
      const log = createEngineLog(engine, (message) => printed.push(message));
      log.warn("The connection was not deleted.");
      await log.flush();
      expect(printed).toEqual(["The connection was not deleted."]);
    }
  });
});

describe("after Cancel", () => {
  it("no write is sent, and the error says how to continue", async () => {
    const plugin = await startPlugin({ env: getEnvironment() });
    await plugin.configure({});
    await plugin.create(declare("observability"), "one");
    await plugin.call("cancel", new Empty());
    const before = sandbox().requests.filter(({ method }) => method !== "GET");
    await expect(plugin.create(declare("security"), "two")).rejects.toThrow(
      /canceled before this change, so this change was not sent to Datadog\..*pulumi up --refresh.*\[canceled\]/,
    );
    expect(sandbox().requests.filter(({ method }) => method !== "GET")).toEqual(before);
  });

  it("a write that was sent is finished, and its result is returned", async () => {
    const plugin = await startPlugin({ env: getEnvironment() });
    await plugin.configure({});
    sandbox().fail({ on: { route: "createConnection" }, moment: "before", what: { kind: "delay", ms: 300 } });
    const created = plugin.create(declare("observability"));
    await expect.poll(() => sandbox().requests.filter(({ method }) => method === "POST").length).toBe(1);
    await plugin.call("cancel", new Empty());
    expect((await created).getId()).toBe(sandbox().listConnections()[0]?.id);
  });
});

describe("an internal error", () => {
  it.each([
    { error: new TypeError("CANARY"), shown: /TypeError at messages\.test\.ts:\d+:\d+/ },
    { error: new Error("a\n    at CANARY (CANARY.js:1:1)"), shown: /Error at messages\.test\.ts:\d+:\d+/ },
    { error: Object.assign(new Error("x"), { name: "CANARY of\u001b[31m" }), shown: /\(Error/ },
    { error: Object.assign(new Error("x"), { stack: "CANARY (a.js:1:1)" }), shown: /\(Error\)/ },
    { error: "CANARY", shown: /\(string\)/ },
  ])("shows its class and its place: $shown", ({ error, shown }) => {
    const message = formatError(error);
    expect(message).toMatch(shown);
    expect(message).toContain("Please report it.");
    expect(message).not.toContain("CANARY");
  });
});
