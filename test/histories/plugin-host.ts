/** The plugin as the provider of the simulated engine: its server and its client communicate by gRPC, as with the real engine. */
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Status } from "@pulumi/pulumi/proto/status_pb.js";
import structs, { type JavaScriptValue, type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { createPluginContext, type PluginContext } from "../../plugin/src/plugin-context.js";
import { createEngineLog } from "../../plugin/src/protocol/engine-log.js";
import { startServer } from "../../plugin/src/server.js";
import { PLUGIN_SET_TYPE, PLUGIN_SINGLE_TYPE } from "../../core/src/host/type-tokens.js";
import type { TestOperationContext } from "./operation-context.js";
import type { ProviderHost, Resource } from "./provider-host.js";

/** A message of the client with the properties that the calls of resources have in common. */
interface ResourceRequest {
  setUrn(urn: string): unknown;
  setName(name: string): unknown;
  setType(type: string): unknown;
}

/** Starts the plugin with the context of an operation, and connects to it. */
export async function openPluginHost(context: TestOperationContext): Promise<ProviderHost> {
  const server = await startServer({
    context: createContext(context),
    log: createEngineLog(undefined, (message) => context.warn(message)),
    env: {},
    // A history registers its resources one after the other.
    quietMs: 0,
  });
  const client = new ResourceProviderClient(
    `127.0.0.1:${server.port}`,
    grpc.credentials.createInsecure(),
    // The ports of many servers would stay in the pool of the process.
    { "grpc.use_local_subchannel_pool": 1 },
  );
  const open = new Set<Promise<unknown>>();
  const call = <Response>(
    send: (callback: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
  ): Promise<Response> => {
    const response = new Promise<Response>((resolve, reject) => {
      send((error, value) => {
        if (error) reject(toEngineError(error));
        else resolve(value);
      });
    });
    open.add(response);
    const forget = () => open.delete(response);
    response.then(forget, forget);
    return response;
  };
  await call<messages.ConfigureResponse>((callback) =>
    client.configure(new messages.ConfigureRequest().setArgs(toStruct({})), callback),
  );
  return {
    isCalledInPreviews: true,
    // A program in YAML, Python or Go has no such constructor.
    getInputsOfDeleteBeforeReplace: () => ({}),
    async check(resource, olds, news) {
      const request = new messages.CheckRequest().setOlds(toStruct(olds)).setNews(toStruct(news));
      const response = await call<messages.CheckResponse>((callback) =>
        client.check(identify(request, resource), callback),
      );
      return {
        inputs: response.getInputs()?.toJavaScript(),
        failures: response.getFailuresList().map((failure) => ({ reason: failure.getReason() })),
      };
    },
    async diff(resource, saved, inputs) {
      const request = new messages.DiffRequest()
        .setId(saved.id)
        .setOlds(toStruct(saved.outputs))
        .setOldInputs(toStruct(saved.inputs))
        .setNews(toStruct(inputs));
      const response = await call<messages.DiffResponse>((callback) =>
        client.diff(identify(request, resource), callback),
      );
      requireConsistentDetails(response);
      return {
        changes: response.getChanges() !== messages.DiffResponse.DiffChanges.DIFF_NONE,
        replaces: response.getReplacesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
      };
    },
    async create(resource, inputs, preview) {
      const request = new messages.CreateRequest().setProperties(toStruct(inputs)).setPreview(preview);
      const response = await call<messages.CreateResponse>((callback) =>
        client.create(identify(request, resource), callback),
      );
      return { id: response.getId(), outputs: response.getProperties()?.toJavaScript() };
    },
    async read(resource, saved) {
      const request = new messages.ReadRequest()
        .setId(saved.id)
        .setProperties(toStruct(saved.outputs))
        .setInputs(toStruct(saved.inputs));
      const response = await call<messages.ReadResponse>((callback) =>
        client.read(identify(request, resource), callback),
      );
      if (response.getId() === "") return undefined;
      if (response.getId() !== saved.id) throw new Error(`read changed the ID to ${response.getId()}`);
      return {
        inputs: response.getInputs()?.toJavaScript(),
        outputs: response.getProperties()?.toJavaScript(),
      };
    },
    async update(resource, saved, inputs, preview) {
      const request = new messages.UpdateRequest()
        .setId(saved.id)
        .setOlds(toStruct(saved.outputs))
        .setOldInputs(toStruct(saved.inputs))
        .setNews(toStruct(inputs))
        .setPreview(preview);
      const response = await call<messages.UpdateResponse>((callback) =>
        client.update(identify(request, resource), callback),
      );
      return response.getProperties()?.toJavaScript();
    },
    async delete(resource, saved) {
      const request = new messages.DeleteRequest()
        .setId(saved.id)
        .setProperties(toStruct(saved.outputs))
        .setOldInputs(toStruct(saved.inputs));
      await call((callback) => client.delete(identify(request, resource), callback));
    },
    async close() {
      // The calls of a killed engine continue. The scenario waits for them.
      await Promise.allSettled(open);
      client.close();
      server.close();
    },
  };
}

/** The plugin's own context, with the sessions, the ledger and the warnings of the operation. */
function createContext(context: TestOperationContext): PluginContext {
  const { ledger } = context;
  // As the plugin does: it does not receive the options that would tell.
  ledger.expectDeletionsByOthers();
  return Object.assign(
    createPluginContext((message) => context.warn(message)),
    {
      getSession: (source: string | undefined) => context.getSession(source),
      readConfiguredId: (source: string | undefined) => context.readConfiguredId(source),
      listConfiguredOrganizations: () => context.listConfiguredOrganizations(),
      isAdoptingAll: () => context.isAdoptingAll(),
      getCheckMode: () => context.getCheckMode(),
      warn: (message: string) => context.warn(message),
      ledger,
    },
  );
}

/** Sets what the engine sends with each call for a resource. */
function identify<Request extends ResourceRequest>(request: Request, { name, isSet }: Resource): Request {
  const type = isSet ? PLUGIN_SET_TYPE : PLUGIN_SINGLE_TYPE;
  request.setUrn(`urn:pulumi:dev::histories::${type}::${name}`);
  request.setName(name);
  request.setType(type);
  return request;
}

/** Converts properties as the engine does. It sends no undefined values. */
const toStruct = (properties: object): Struct =>
  structs.Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, JavaScriptValue>);

/**
 * Converts an error as the engine does: it shows the details, and saves the properties of a change that was applied in
 * part.
 */
function toEngineError(error: grpc.ServiceError): Error {
  const shown = new Error(error.details);
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  if (bytes === undefined) return shown;
  for (const detail of Status.deserializeBinary(bytes as Buffer).getDetailsList()) {
    const failed = detail.unpack(
      (packed) => messages.ErrorResourceInitFailed.deserializeBinary(packed),
      "pulumirpc.ErrorResourceInitFailed",
    );
    if (!failed) continue;
    const properties = failed.getProperties()?.toJavaScript();
    return Object.assign(shown, { id: failed.getId(), properties, reasons: failed.getReasonsList() });
  }
  return shown;
}

/** A preview shows the details of a difference, and the engine acts on the rest of the response. Both must agree. */
function requireConsistentDetails(response: messages.DiffResponse): void {
  const details = [...response.getDetaileddiffMap().entries()].map(([path, change]) => ({
    path: path.split(/[.[]/)[0] ?? "",
    kind: change.getKind(),
  }));
  if (details.length === 0) return;
  const { ADD_REPLACE, DELETE_REPLACE, UPDATE_REPLACE } = messages.PropertyDiff.Kind;
  const shown = details.filter(({ kind }) =>
    ([ADD_REPLACE, DELETE_REPLACE, UPDATE_REPLACE] as number[]).includes(kind),
  );
  const replaces = response.getReplacesList();
  const isNone = response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_NONE;
  if (
    isNone ||
    shown.some(({ path }) => !replaces.includes(path)) ||
    (replaces.length > 0 && shown.length === 0)
  )
    throw new Error(`the details of a difference disagree with it: ${JSON.stringify(response.toObject())}`);
}
