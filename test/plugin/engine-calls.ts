/** The provider over gRPC: a plugin in this process, with the calls of an engine. */
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Status } from "@pulumi/pulumi/proto/status_pb.js";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { afterEach } from "vitest";
import { createPluginContext } from "../../plugin/src/plugin-context.js";
import { createEngineLog, type EngineLog } from "../../plugin/src/protocol/engine-log.js";
import { startServer } from "../../plugin/src/server.js";
import type { Sandbox } from "../../sandbox/src/index.js";

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
    const options = { context, log, env };
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

/** The types of resources, as in a URN. */
export type ResourceType = "OrgConnection" | "OrgConnectionSet";

/** A resource in the state of a stack. */
export interface SavedResource {
  id: string;
  inputs: Fields;
  outputs: Fields;
}

/** A difference, without what the protocol adds. */
export interface ShownDifference {
  changes: boolean;
  replaces: string[];
  /** `kind`, or `kind from the state`, by path. */
  detailed: Record<string, string>;
  diffs: string[];
  stables: string[];
  deleteBeforeReplace: boolean;
}

/** Configures a plugin with the keys of each organization of the sandbox, by key. */
export async function configure(
  plugin: TestPlugin,
  sandbox: Sandbox,
  more: Fields = {},
): Promise<TestPlugin> {
  const organizations = Object.fromEntries(
    sandbox.organizations.map(({ key, apiKey, appKey }) => [key, { apiKey, appKey }]),
  );
  await plugin.configure({ url: sandbox.url, organizations, ...more });
  return plugin;
}

/** The calls of an engine for one resource. */
export function openResource(plugin: TestPlugin, type: ResourceType, name: string, parent = "") {
  const urn = `urn:pulumi:dev::app::${parent}datadog-org-connections:index:${type}::${name}`;
  const read = (struct: Struct | undefined): Fields => struct?.toJavaScript() ?? {};
  const check = async (news: Fields, olds: Fields = {}) => {
    const request = new messages.CheckRequest().setUrn(urn).setNews(toStruct(news)).setOlds(toStruct(olds));
    const response = await plugin.call("check", request);
    const failures = response.getFailuresList().map((one) => `${one.getProperty()}: ${one.getReason()}`);
    return { inputs: read(response.getInputs()), failures };
  };
  const create = async (inputs: Fields, { preview = false, timeout = 0 } = {}): Promise<SavedResource> => {
    const request = new messages.CreateRequest().setUrn(urn).setProperties(toStruct(inputs));
    const response = await plugin.call("create", request.setPreview(preview).setTimeout(timeout));
    return { id: response.getId(), inputs, outputs: read(response.getProperties()) };
  };
  return {
    urn,
    check,
    create,
    /** Checks the inputs, which must be valid, and creates the resource. */
    declare: async (news: Fields): Promise<SavedResource> => {
      const { inputs, failures } = await check(news);
      if (failures.length > 0) throw new Error(failures.join("\n"));
      return create(inputs);
    },
    diff: async (
      saved: SavedResource,
      news: Fields,
      ignoreChanges: string[] = [],
    ): Promise<ShownDifference> => {
      const request = new messages.DiffRequest()
        .setUrn(urn)
        .setId(saved.id)
        .setOlds(toStruct(saved.outputs))
        .setOldInputs(toStruct(saved.inputs))
        .setNews(toStruct(news))
        .setIgnorechangesList(ignoreChanges);
      const response = await plugin.call("diff", request);
      const kinds = Object.entries(messages.PropertyDiff.Kind);
      return {
        changes: response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
        replaces: response.getReplacesList(),
        diffs: response.getDiffsList(),
        stables: response.getStablesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
        detailed: Object.fromEntries(
          [...response.getDetaileddiffMap().entries()].map(([path, change]) => {
            const kind = kinds.find(([, value]) => value === change.getKind())?.[0] ?? "";
            return [path, `${kind}${change.getInputdiff() ? "" : " from the state"}`];
          }),
        ),
      };
    },
    update: async (
      saved: SavedResource,
      news: Fields,
      { preview = false, ignoreChanges = [] as string[], timeout = 0 } = {},
    ): Promise<SavedResource> => {
      const request = new messages.UpdateRequest()
        .setUrn(urn)
        .setId(saved.id)
        .setOlds(toStruct(saved.outputs))
        .setOldInputs(toStruct(saved.inputs))
        .setNews(toStruct(news))
        .setIgnorechangesList(ignoreChanges)
        .setPreview(preview)
        .setTimeout(timeout);
      const response = await plugin.call("update", request);
      return { id: saved.id, inputs: news, outputs: read(response.getProperties()) };
    },
    read: async (saved: SavedResource): Promise<SavedResource> => {
      const request = new messages.ReadRequest()
        .setUrn(urn)
        .setId(saved.id)
        .setProperties(toStruct(saved.outputs))
        .setInputs(toStruct(saved.inputs));
      const response = await plugin.call("read", request);
      return {
        id: response.getId(),
        inputs: read(response.getInputs()),
        outputs: read(response.getProperties()),
      };
    },
    delete: async ({ id, outputs }: SavedResource, timeout = 0): Promise<void> => {
      const request = new messages.DeleteRequest().setUrn(urn).setId(id).setProperties(toStruct(outputs));
      await plugin.call("delete", request.setTimeout(timeout));
    },
  };
}

/** What the engine keeps of a create or update that failed in part. */
export interface PartialState extends SavedResource {
  reasons: string[];
}

/** Returns what an error of gRPC keeps, as the engine reads it; undefined if it keeps nothing. */
export function parsePartialState(error: unknown): PartialState | undefined {
  const [details] = (error as grpc.ServiceError).metadata.get("grpc-status-details-bin");
  if (!(details instanceof Buffer)) return undefined;
  const [detail] = Status.deserializeBinary(details).getDetailsList();
  const failed = messages.ErrorResourceInitFailed.deserializeBinary(
    detail?.getValue_asU8() ?? new Uint8Array(),
  );
  return {
    id: failed.getId(),
    inputs: failed.getInputs()?.toJavaScript() ?? {},
    outputs: failed.getProperties()?.toJavaScript() ?? {},
    reasons: failed.getReasonsList(),
  };
}
