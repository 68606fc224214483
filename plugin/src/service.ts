import * as grpc from "@grpc/grpc-js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { encodeText, escapeInvisible } from "datadog-org-connections-core/api/escape-text.js";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import type { CheckFailure } from "datadog-org-connections-core/connection/types.js";
import { toSettings } from "./configuration/provider-settings.js";
import { callFunction } from "./functions/call-function.js";
import type { PluginContext } from "./plugin-context.js";
import { toServiceError } from "./protocol/errors.js";
import { parseStruct, toStruct } from "./protocol/values.js";
import type { Difference, ResourceHandler } from "./resources/resource-handler.js";
import { createSetHandler } from "./resources/set.js";
import { createSingleHandler } from "./resources/single.js";
import { SET_TYPE, SINGLE_TYPE } from "./type-tokens.js";

/** What the service needs of its process. */
export interface ServiceOptions {
  context: PluginContext;
  /** The version of the package. */
  version: string;
  /** Reads the schema of the package, as JSON. */
  readSchema: () => string;
  env: NodeJS.ProcessEnv;
}

/**
 * Creates the gRPC service that the engine calls (pulumi/pulumi, proto/pulumi/provider.proto). It converts messages, and
 * leaves every decision to the handlers.
 */
export function createService({
  context,
  version,
  readSchema,
  env,
}: ServiceOptions): IResourceProviderServer {
  const handlers: Record<string, ResourceHandler> = {
    [SINGLE_TYPE]: createSingleHandler(context),
    [SET_TYPE]: createSetHandler(context),
  };
  const getHandler = (request: { getType(): string; getUrn(): string }): ResourceHandler => {
    // Engines before 3.147 only send the URN: urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME.
    const type = request.getType() || (request.getUrn().split("::")[2]?.split("$").at(-1) ?? "");
    const handler = handlers[type];
    if (handler) return handler;
    throw new OrgConnectionsError("invalid-input", `there is no resource type ${encodeText(type)}.`);
  };
  return {
    handshake: createMethod(() => new messages.ProviderHandshakeResponse()),
    parameterize: refuse("Parameterize"),
    getSchema: createMethod(() => new messages.GetSchemaResponse().setSchema(readSchema())),
    checkConfig: createMethod((request: messages.CheckRequest) =>
      new messages.CheckResponse().setInputs(request.getNews()),
    ),
    // A changed setting replaces nothing: it leads to the same connections.
    diffConfig: createMethod(() => new messages.DiffResponse()),
    configure: createMethod((request: messages.ConfigureRequest) => {
      context.configure(toSettings(parseStruct(request.getArgs()), env));
      return new messages.ConfigureResponse().setSupportspreview(true);
    }),
    invoke: createMethod(async (request: messages.InvokeRequest) => {
      const result = await callFunction(context, request.getTok(), parseStruct(request.getArgs()));
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
          news: parseStruct(request.getNews()),
        }),
      ),
    ),
    create: createMethod(async (request: messages.CreateRequest) => {
      const { id, properties } = await getHandler(request).create({
        urn: request.getUrn(),
        inputs: parseStruct(request.getProperties()),
        preview: request.getPreview(),
      });
      return new messages.CreateResponse().setId(id).setProperties(toStruct(properties));
    }),
    read: createMethod(async (request: messages.ReadRequest) => {
      const result = await getHandler(request).read({
        urn: request.getUrn(),
        id: request.getId(),
        properties: parseStruct(request.getProperties()),
        inputs: parseStruct(request.getInputs()),
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
      const { properties } = await getHandler(request).update({
        urn: request.getUrn(),
        id: request.getId(),
        olds: parseStruct(request.getOlds()),
        news: parseStruct(request.getNews()),
        preview: request.getPreview(),
      });
      return new messages.UpdateResponse().setProperties(toStruct(properties));
    }),
    delete: createMethod(async (request: messages.DeleteRequest) => {
      await getHandler(request).delete({
        urn: request.getUrn(),
        id: request.getId(),
        properties: parseStruct(request.getProperties()),
      });
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

/** Creates a method of the service. It sends the response or the error of `work`. */
function createMethod<Request, Response>(
  work: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(work)
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

/** Creates a method of the service that this plugin does not have. */
function refuse<Request, Response>(method: string): grpc.handleUnaryCall<Request, Response> {
  return (_, callback) => {
    callback({ code: grpc.status.UNIMPLEMENTED, details: `this plugin has no ${method}` });
  };
}

/** Converts a problem for the engine, which prints it. The values from the program in it are escaped. */
function toCheckFailure({ property, reason }: CheckFailure): messages.CheckFailure {
  return new messages.CheckFailure().setProperty(encodeText(property)).setReason(escapeInvisible(reason));
}

function toDiffResponse({ changes, replaces, detailed, stables = [] }: Difference): messages.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse()
    .setChanges(changes ? DIFF_SOME : DIFF_NONE)
    .setReplacesList(replaces)
    .setStablesList(stables)
    .setHasdetaileddiff(Object.keys(detailed).length > 0);
  for (const [path, kind] of Object.entries(detailed)) {
    response
      .getDetaileddiffMap()
      .set(path, new messages.PropertyDiff().setKind(messages.PropertyDiff.Kind[kind]).setInputdiff(true));
  }
  return response;
}
