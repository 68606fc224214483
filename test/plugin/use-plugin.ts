import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { afterEach } from "vitest";
import { createPluginContext } from "../../plugin/src/plugin-context.js";
import { createEngineLog, type EngineLog } from "../../plugin/src/protocol/engine-log.js";
import { startServer } from "../../plugin/src/server.js";

type Fields = Record<string, JavaScriptValue>;

/** The URN of a provider in a program or of the default provider. */
export const createProviderUrn = (name: string): string =>
  `urn:pulumi:dev::app::pulumi:providers:datadog-org-connections::${name}`;
/** The URN of a resource in a program. */
export const createUrn = (name: string, type = "OrgConnection"): string =>
  `urn:pulumi:dev::app::datadog-org-connections:index:${type}::${name}`;
/** Converts the properties of a request. */
export const toStruct = (fields: Fields): Struct => Struct.fromJavaScript(fields);
/** A value that the engine sends for a secret. */
export const createSecret = (value: JavaScriptValue): Fields => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/** A plugin in this process, with the calls of an engine. */
export interface TestPlugin {
  client: grpc.Client;
  /** Sends a request, and returns the response. Throws the error of gRPC. */
  call<Name extends keyof Methods>(name: Name, request: Methods[Name][0]): Promise<Methods[Name][1]>;
  checkConfig(args: Fields, name?: string): Promise<messages.CheckResponse>;
  configure(args: Fields, name?: string): Promise<messages.ConfigureResponse>;
  /** Checks and creates a single connection. */
  create(inputs: Fields, name?: string, preview?: boolean): Promise<messages.CreateResponse>;
}

/** The request and the response of the methods that tests use. */
interface Methods {
  checkConfig: [messages.CheckRequest, messages.CheckResponse];
  diffConfig: [messages.DiffRequest, messages.DiffResponse];
  configure: [messages.ConfigureRequest, messages.ConfigureResponse];
  invoke: [messages.InvokeRequest, messages.InvokeResponse];
  check: [messages.CheckRequest, messages.CheckResponse];
  diff: [messages.DiffRequest, messages.DiffResponse];
  create: [messages.CreateRequest, messages.CreateResponse];
  read: [messages.ReadRequest, messages.ReadResponse];
  update: [messages.UpdateRequest, messages.UpdateResponse];
  delete: [messages.DeleteRequest, Empty];
  cancel: [Empty, Empty];
}

/** What a test sets instead of the process. */
interface Options {
  env?: NodeJS.ProcessEnv;
  stackConfiguration?: string;
  log?: EngineLog;
}

/** Starts plugins for the tests of a file. Each runs as in a process of its own, and ends after its test. */
export function usePlugin() {
  const running: { close(): void }[] = [];
  afterEach(() => {
    for (const plugin of running.splice(0)) plugin.close();
  });
  return async ({ env = {}, stackConfiguration, log: given }: Options = {}): Promise<TestPlugin> => {
    const log = given ?? createEngineLog(undefined, () => undefined);
    const context = createPluginContext((message) => {
      log.warn(message);
    });
    const options = { context, log, version: "0.0.0", readSchema: () => "{}", env };
    const server = await startServer({
      ...options,
      ...(stackConfiguration !== undefined && { stackConfiguration }),
    });
    const plugin = connectToPlugin(server.port);
    running.push(plugin.client, server);
    return plugin;
  };
}

/** Connects to a plugin on a port of this machine. */
export function connectToPlugin(port: number): TestPlugin {
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const call: TestPlugin["call"] = (name, request) => {
    const { path, requestSerialize, responseDeserialize } = ResourceProviderService[
      name
    ] as grpc.MethodDefinition<typeof request, Methods[typeof name][1]>;
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, response) => {
        if (error || !response) reject(error ?? new Error("no response"));
        else resolve(response);
      });
    });
  };
  return {
    client,
    call,
    checkConfig: (args, name = "default") =>
      call(
        "checkConfig",
        new messages.CheckRequest().setUrn(createProviderUrn(name)).setName(name).setNews(toStruct(args)),
      ),
    configure: (args, name = "default") =>
      call(
        "configure",
        new messages.ConfigureRequest().setUrn(createProviderUrn(name)).setName(name).setArgs(toStruct(args)),
      ),
    create: async (inputs, name = "hub", preview = false) => {
      const urn = createUrn(name);
      const checked = await call("check", new messages.CheckRequest().setUrn(urn).setNews(toStruct(inputs)));
      const [failure] = checked.getFailuresList();
      if (failure) throw new Error(`${failure.getProperty()} ${failure.getReason()}`);
      return call(
        "create",
        new messages.CreateRequest().setUrn(urn).setProperties(checked.getInputs()).setPreview(preview),
      );
    },
  };
}
