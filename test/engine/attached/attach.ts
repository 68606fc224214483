/**
 * Runs commands of the real CLI with the program and the providers in this process: the engine, its updates and its state are real, and
 * a command starts one process instead of five.
 */
import { CustomResource } from "@pulumi/pulumi";
import * as automation from "@pulumi/pulumi/automation/server.js";
import * as settings from "@pulumi/pulumi/runtime/settings.js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as grpc from "@grpc/grpc-js";
import emptys from "google-protobuf/google/protobuf/empty_pb.js";
import { createPluginContext } from "../../../plugin/src/plugin-context.js";
import { createService } from "../../../plugin/src/service.js";
import { OrgConnection, OrgConnectionSet } from "../../../provider/src/index.js";
import { CLIENT_OPTIONS, createAttachedLog } from "./attached-log.js";
import { getPluginType, type Declaration } from "./declarations.js";
import { startDynamicServer } from "./dynamic-server.js";
import { listen } from "./listen.js";

/** A program: declarations, or a function that creates resources and returns the outputs of the stack. */
export type Program = (() => unknown) | readonly Declaration[];

/** The servers of one command. */
export interface Attachment {
  flags: string[];
  env: Record<string, string>;
  /** Stops the servers. Throws if the program of a successful command has left promises. */
  stop(hasFailed: boolean): void;
}

/** The SDK does not declare the options of its clients. */
Object.assign((settings as unknown as { grpcClientOptions: object }).grpcClientOptions, CLIENT_OPTIONS);

/** The SDK does not declare its server. */
const { LanguageServer } = automation as unknown as {
  LanguageServer: new (
    program: () => Promise<unknown>,
  ) => grpc.UntypedServiceImplementation & { onPulumiExit(hasFailed: boolean): void };
};

let isAttached = false;

/**
 * Starts the servers of one command. Until they are stopped, this process has the environment of the command, because the program and
 * the hosts read it. So there is one command at a time.
 */
export async function attach(program: Program, project: string, env: NodeJS.ProcessEnv): Promise<Attachment> {
  if (isAttached) throw new Error("an attached command runs already, with another environment");
  isAttached = true;
  const ownEnv = process.env;
  process.env = { ...env };
  // eslint-disable-next-line @typescript-eslint/require-await -- the SDK waits for the outputs of an async program only.
  const language = new LanguageServer(async () =>
    typeof program === "function" ? program() : declareAll(program),
  );
  const servers = [
    await listen(LanguageRuntimeService, language),
    await startDynamicServer(project),
    await startPluginServer(env),
  ] as const;
  const [{ port }, dynamic, plugin] = servers;
  return {
    flags: [`--client=127.0.0.1:${port}`],
    env: { PULUMI_DEBUG_PROVIDERS: `pulumi-nodejs:${dynamic.port},datadog-org-connections:${plugin.port}` },
    stop: (hasFailed) => {
      for (const server of servers) server.stop();
      process.env = ownEnv;
      isAttached = false;
      language.onPulumiExit(hasFailed);
    },
  };
}

/** A resource of the plugin. The SDK does not let a program create one without a class. */
class PluginResource extends CustomResource {}

function declareAll(declarations: readonly Declaration[]): void {
  for (const { name, options, host, ...one } of declarations)
    if (host === "plugin") new PluginResource(getPluginType(one.kind), name, one.args, options);
    else if (one.kind === "OrgConnection") new OrgConnection(name, one.args, options);
    else new OrgConnectionSet(name, one.args, options);
}

/** Starts the plugin, whose messages go to the engine that attaches. */
function startPluginServer(env: NodeJS.ProcessEnv) {
  const log = createAttachedLog();
  const context = createPluginContext((message) => {
    log.warn(message);
  });
  const attachTo: grpc.handleUnaryCall<PluginAttach, emptys.Empty> = ({ request }, callback) => {
    log.attach(request.getAddress());
    callback(null, new emptys.Empty());
  };
  const service = createService({ context, log, env });
  return listen(ResourceProviderService, { ...service, attach: attachTo });
}
