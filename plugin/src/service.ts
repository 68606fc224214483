import * as grpc from "@grpc/grpc-js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { encodeText, escapeInvisible } from "datadog-org-connections-core/text/escape-text.js";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import type { CheckFailure } from "datadog-org-connections-core/connection/types.js";
import { PLUGIN_SET_TYPE, PLUGIN_SINGLE_TYPE } from "datadog-org-connections-core/host/type-tokens.js";
import {
  checkArguments,
  compareArguments,
  findMove,
  getExplicitName,
  listCredentialArguments,
  readProviderName,
  refuseDefaultName,
} from "./configuration/provider-arguments.js";
import { toSettings } from "./configuration/provider-settings.js";
import { callFunction } from "./functions/call-function.js";
import { runWithTimeout, type PluginContext } from "./plugin-context.js";
import type { EngineLog } from "./protocol/engine-log.js";
import { toServiceError } from "./protocol/errors.js";
import { markSecrets, parseStruct, toStruct } from "./protocol/values.js";
import { Registrations } from "./resources/program-resources.js";
import type { Difference, ResourceHandler } from "./resources/resource-handler.js";
import { createSetHandler } from "./resources/set.js";
import { createSingleHandler } from "./resources/single.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { version } from "../package.json";

/** What the service needs of its process. */
export interface ServiceOptions {
  context: PluginContext;
  log: EngineLog;
  env: NodeJS.ProcessEnv;
  /** The value of PULUMI_CONFIG: the stack's configuration of this package, as JSON. */
  stackConfiguration?: string;
  /**
   * How long the program must have registered no resource before an exclusive set deletes undeclared connections, in milliseconds.
   *
   * @default 1000
   */
  quietMs?: number;
}

/**
 * Creates the gRPC service that the engine calls (pulumi/pulumi, proto/pulumi/provider.proto). It converts messages, and
 * leaves every decision to the handlers.
 */
export function createService({
  context,
  log,
  env,
  stackConfiguration,
  quietMs = 1000,
}: ServiceOptions): IResourceProviderServer {
  const createMethod = createMethodFactory(log);
  const options = {
    context,
    registrations: new Registrations(quietMs),
  };
  const handlers = new Map<string, ResourceHandler>([
    [PLUGIN_SINGLE_TYPE, createSingleHandler(options)],
    [PLUGIN_SET_TYPE, createSetHandler(options)],
  ]);
  const getHandler = (request: { getType(): string; getUrn(): string }): ResourceHandler => {
    // Engines before 3.147 only send the URN: urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME.
    const type = request.getType() || (request.getUrn().split("::")[2]?.split("$").at(-1) ?? "");
    const handler = handlers.get(type);
    if (handler) return handler;
    throw new OrgConnectionsError("invalid-input", `there is no resource type ${encodeText(type)}.`);
  };
  /** From CheckConfig, for engines that do not repeat the name in Configure. */
  let checkedName: string | undefined;
  return {
    handshake: createMethod(() => new messages.ProviderHandshakeResponse()),
    parameterize: refuse("Parameterize"),
    getSchema: createMethod(async () => {
      // A dynamic import, because only a few commands need the schema.
      const { default: schema } = await import("../schema.json");
      return new messages.GetSchemaResponse().setSchema(JSON.stringify(schema));
    }),
    checkConfig: createMethod((request: messages.CheckRequest) => {
      const args = parseStruct(request.getNews());
      checkedName = readProviderName(request);
      const failures = [...checkArguments(args), ...refuseDefaultName(checkedName, args, stackConfiguration)];
      // The engine stores these inputs in the state. It does not show here which ones are secrets already.
      return new messages.CheckResponse()
        .setInputs(markSecrets(request.getNews(), listCredentialArguments(args)))
        .setFailuresList(failures.map(toCheckFailure));
    }),
    diffConfig: createMethod((request: messages.DiffRequest) => {
      const olds = parseStruct(request.getOldInputs() ?? request.getOlds());
      const news = parseStruct(request.getNews());
      // Before it configures this provider, the engine compares its old and new arguments. After that, it compares the arguments of another
      // provider with these, because a resource moves here (pulumi/pulumi, pkg/resource/deploy/step_generator.go, providerChanged).
      if (context.isConfigured)
        context.ledger.recordProviderMove(findMove({ name: readProviderName(request), olds, news }));
      return toDiffResponse(compareArguments(olds, news));
    }),
    configure: createMethod((request: messages.ConfigureRequest) => {
      const providerName = getExplicitName(readProviderName(request) ?? checkedName);
      context.configure(toSettings({ args: parseStruct(request.getArgs()), env, providerName }));
      return new messages.ConfigureResponse().setSupportspreview(true);
    }),
    invoke: createMethod(async (request: messages.InvokeRequest) => {
      const result = await callFunction(context, {
        token: request.getTok(),
        args: parseStruct(request.getArgs()),
        preview: request.getPreview(),
      });
      const response = new messages.InvokeResponse();
      return "failures" in result
        ? response.setFailuresList(result.failures.map(toCheckFailure))
        : response.setReturn(toStruct(result.value));
    }),
    call: refuse("Call"),
    check: createMethod(async (request: messages.CheckRequest) => {
      const { inputs, failures } = await getHandler(request).check({
        urn: request.getUrn(),
        olds: parseStruct(request.getOlds()),
        news: parseStruct(request.getNews()),
      });
      const response = new messages.CheckResponse().setFailuresList(failures.map(toCheckFailure));
      return inputs ? response.setInputs(toStruct(inputs)) : response;
    }),
    diff: createMethod(async (request: messages.DiffRequest) =>
      toDiffResponse(
        await getHandler(request).diff({
          urn: request.getUrn(),
          id: request.getId(),
          olds: parseStruct(request.getOlds()),
          oldInputs: parseStruct(request.getOldInputs()),
          news: parseStruct(request.getNews()),
          ignoreChanges: request.getIgnorechangesList(),
        }),
      ),
    ),
    create: createMethod(async (request: messages.CreateRequest) => {
      const { id, properties } = await runWithTimeout(request.getTimeout(), () =>
        getHandler(request).create({
          urn: request.getUrn(),
          inputs: parseStruct(request.getProperties()),
          preview: request.getPreview(),
        }),
      );
      return new messages.CreateResponse().setId(id).setProperties(toStruct(properties));
    }),
    read: createMethod(async (request: messages.ReadRequest) => {
      const result = await getHandler(request).read({
        urn: request.getUrn(),
        id: request.getId(),
        properties: parseStruct(request.getProperties()),
        // The engine omits the inputs in an import, and only there. A `get` has inputs.
        inputs: request.hasInputs() ? parseStruct(request.getInputs()) : undefined,
      });
      // An empty ID means that the resource is gone.
      if (!result) return new messages.ReadResponse();
      return new messages.ReadResponse()
        .setId(result.id)
        .setProperties(toStruct(result.properties))
        .setInputs(toStruct(result.inputs));
    }),
    list: (call) => call.emit("error", { code: grpc.status.UNIMPLEMENTED, details: "List" }),
    update: createMethod(async (request: messages.UpdateRequest) => {
      const { properties } = await runWithTimeout(request.getTimeout(), () =>
        getHandler(request).update({
          urn: request.getUrn(),
          id: request.getId(),
          olds: parseStruct(request.getOlds()),
          news: parseStruct(request.getNews()),
          ignoreChanges: request.getIgnorechangesList(),
          preview: request.getPreview(),
        }),
      );
      return new messages.UpdateResponse().setProperties(toStruct(properties));
    }),
    delete: createMethod(async (request: messages.DeleteRequest) => {
      await runWithTimeout(request.getTimeout(), () =>
        getHandler(request).delete({
          urn: request.getUrn(),
          id: request.getId(),
          properties: parseStruct(request.getProperties()),
        }),
      );
      return new Empty();
    }),
    construct: refuse("Construct"),
    cancel: createMethod(() => {
      context.cancel();
      return new Empty();
    }),
    getPluginInfo: createMethod(() => new PluginInfo().setVersion(version)),
    attach: refuse("Attach"),
    getMapping: createMethod(() => new messages.GetMappingResponse()),
    getMappings: createMethod(() => new messages.GetMappingsResponse()),
  };
}

/**
 * Creates the function that turns `work` into a method of the service. The method first waits until the messages of the call have arrived,
 * because the engine may end this process after a response. Then it sends the response or the error of `work`.
 */
function createMethodFactory(log: EngineLog) {
  return <Request extends object, Response>(
      work: (request: Request) => Response | Promise<Response>,
    ): grpc.handleUnaryCall<Request, Response> =>
    (call, callback) => {
      const urn = "getUrn" in call.request ? String((call.request as { getUrn(): unknown }).getUrn()) : "";
      log
        .runForResource(urn, async () => work(call.request))
        .finally(() => log.flush())
        .then(
          (response) => {
            callback(null, response);
          },
          (error: unknown) => {
            callback(toServiceError(error));
          },
        );
    };
}

/** Creates the method for a call that this plugin does not support. */
function refuse<Request, Response>(method: string): grpc.handleUnaryCall<Request, Response> {
  return (_, callback) => {
    callback({ code: grpc.status.UNIMPLEMENTED, details: `this plugin has no ${method}` });
  };
}

/** Converts a problem for the engine, which prints it. The values from the program in it are escaped. */
function toCheckFailure({ property, reason }: CheckFailure): messages.CheckFailure {
  return new messages.CheckFailure().setProperty(encodeText(property)).setReason(escapeInvisible(reason));
}

function toDiffResponse(difference: Difference): messages.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse()
    .setChanges(difference.changes ? DIFF_SOME : DIFF_NONE)
    .setReplacesList([...difference.replaces])
    .setStablesList([...difference.stables])
    .setDiffsList([...difference.changedKeys])
    .setDeletebeforereplace(difference.deleteBeforeReplace)
    .setHasdetaileddiff(difference.changes);
  for (const [path, { kind, inputDiff }] of Object.entries(difference.detailed)) {
    const change = new messages.PropertyDiff()
      .setKind(messages.PropertyDiff.Kind[kind])
      .setInputdiff(inputDiff);
    response.getDetaileddiffMap().set(path, change);
  }
  return response;
}
