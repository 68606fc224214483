/**
 * The provider process of dynamic resources, in this process: what `cmd/dynamic-provider` of the SDK does, for our two hosts. The
 * engine attaches to it, so that a command starts no Node process.
 */
import * as grpc from "@grpc/grpc-js";
import { Config } from "@pulumi/pulumi/cmd/dynamic-provider/config.js";
import {
  ResourceProviderService,
  type IResourceProviderServer,
} from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { unwrapRpcSecret } from "@pulumi/pulumi/runtime/rpc.js";
import emptys from "google-protobuf/google/protobuf/empty_pb.js";
import structs, { type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { packInitFailed } from "../../../plugin/src/protocol/errors.js";
import { createProcessContext, type DynamicHost } from "../../../provider/src/host/process-context.js";
import {
  INPUT_PROVIDER_LINE,
  OUTPUT_PROVIDER_LINE,
  SET_INPUT_PROVIDER_LINE,
  SET_OUTPUT_PROVIDER_LINE,
} from "../../../core/src/host/provider-lines.js";
import { createSetHost } from "../../../provider/src/host/set-host.js";
import { createSingleHost } from "../../../provider/src/host/single-host.js";
import { createAttachedLog } from "./attached-log.js";
import { listen } from "./listen.js";

type Properties = Record<string, JavaScriptValue>;

const parse = (struct: structs.Struct | undefined): Properties => struct?.toJavaScript() ?? {};
const toStruct = (properties: object): structs.Struct =>
  structs.Struct.fromJavaScript(properties as Properties);

/** Starts the process for one command: the engine cancels it at the end. */
export async function startDynamicServer(project: string) {
  const log = createAttachedLog();
  const context = createProcessContext((message) => {
    log.warn(message);
  });
  const [single, set] = [createSingleHost(context), createSetHost(context)];
  const hosts = new Map<unknown, DynamicHost>([
    [INPUT_PROVIDER_LINE, single],
    [OUTPUT_PROVIDER_LINE, single],
    [SET_INPUT_PROVIDER_LINE, set],
    [SET_OUTPUT_PROVIDER_LINE, set],
  ]);
  const getHost = (line: unknown): DynamicHost => {
    const host = hosts.get(line);
    if (!host) throw new Error(`no provider line: ${String(line)}`);
    return host;
  };
  /** Adds the line of the request, as the SDK does. */
  const addLine = (result: object | undefined, { __provider }: Properties) =>
    toStruct(Object.assign(result ?? {}, { __provider }));
  /** Creates a method that sends the response or the error of `work`, after all messages. */
  const define =
    <Request, Response>(
      work: (request: Request) => Promise<Response>,
    ): grpc.handleUnaryCall<Request, Response> =>
    ({ request }, callback) => {
      work(request)
        .finally(() => log.flush())
        .then(
          (response) => {
            callback(null, response);
          },
          (error: unknown) => {
            callback(toServiceError(error as Error));
          },
        );
    };
  const service: Partial<IResourceProviderServer> = {
    attach: define((request) => {
      log.attach(request.getAddress());
      return Promise.resolve(new emptys.Empty());
    }),
    cancel: define(() => Promise.resolve(new emptys.Empty())),
    getPluginInfo: define(() => Promise.resolve(new PluginInfo().setVersion("0.0.0"))),
    configure: define(async (request) => {
      const values: Record<string, unknown> = {};
      for (const [key, value] of Object.entries(parse(request.getArgs())))
        values[key] = unwrapRpcSecret(value);
      await context.configure({ config: new Config(values, project) });
      return new messages.ConfigureResponse().setAcceptsecrets(false);
    }),
    check: define(async (request) => {
      const [olds, news] = [parse(request.getOlds()), parse(request.getNews())];
      const result = await getHost(news["__provider"]).check(olds, news);
      return new messages.CheckResponse()
        .setInputs(addLine((result.inputs ?? news) as object, news))
        .setFailuresList(
          (result.failures ?? []).map(({ property, reason }) =>
            new messages.CheckFailure().setProperty(property).setReason(reason),
          ),
        );
    }),
    diff: define(async (request) => {
      const [olds, news] = [parse(request.getOlds()), parse(request.getNews())];
      const {
        changes,
        replaces = [],
        deleteBeforeReplace = false,
      } = await getHost(news["__provider"]).diff(request.getId(), olds, news);
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
      return new messages.DiffResponse()
        .setChanges(changes ? DIFF_SOME : DIFF_NONE)
        .setReplacesList(replaces)
        .setDeletebeforereplace(deleteBeforeReplace);
    }),
    create: define(async (request) => {
      const props = parse(request.getProperties());
      const created = await getHost(props["__provider"]).create(props);
      return new messages.CreateResponse()
        .setId(created.id)
        .setProperties(addLine(created.outs as object, props));
    }),
    read: define(async (request) => {
      const props = parse(request.getProperties());
      const result = await getHost(props["__provider"]).read(request.getId(), props);
      const response = new messages.ReadResponse()
        .setId(result.id ?? "")
        .setProperties(addLine(result.props as object, props));
      return result.inputs ? response.setInputs(addLine(result.inputs as object, props)) : response;
    }),
    update: define(async (request) => {
      const [olds, news] = [parse(request.getOlds()), parse(request.getNews())];
      const updated = await getHost(news["__provider"]).update(request.getId(), olds, news);
      return new messages.UpdateResponse().setProperties(addLine(updated.outs as object, news));
    }),
    delete: define(async (request) => {
      const props = parse(request.getProperties());
      await getHost(props["__provider"]).delete(request.getId(), props);
      return new emptys.Empty();
    }),
  };
  return listen(ResourceProviderService, service as IResourceProviderServer);
}

/** Converts an error as the SDK does: a change that was applied in part has an `id`. */
function toServiceError(
  error: Error & { id?: string; properties?: object; reasons?: string[] },
): Partial<grpc.StatusObject> {
  const { message, id, properties = {}, reasons = [] } = error;
  if (id === undefined) return { code: grpc.status.UNKNOWN, details: message };
  const failed = new messages.ErrorResourceInitFailed()
    .setId(id)
    .setProperties(toStruct(properties))
    .setReasonsList(reasons);
  return packInitFailed(message, failed);
}
