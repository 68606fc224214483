import { fstatSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { findEngineAddress } from "datadog-org-connections-core/host/engine-watch.js";
import { createPluginContext, type PluginContext } from "./plugin-context.js";
import { createEngineLog } from "./protocol/engine-log.js";
import { createService, type ServiceOptions } from "./service.js";

/** Starts the server of the plugin, and prints its port for the engine. Ends the process if that fails. */
export function startPlugin(): void {
  serve().catch((error: unknown) => {
    process.stderr.write(`pulumi-resource-datadog-org-connections cannot start: ${String(error)}\n`);
    process.exit(1);
  });
}

async function serve(): Promise<void> {
  // The engine's pipe is closed if the engine is killed. Without a listener, the next warning would end this process.
  process.stderr.on("error", () => undefined);
  // The engine sets this variable to the stack's configuration with decrypted keys. Programs that this process starts, such as
  // DD_OIDC_TOKEN_COMMAND, must not get them.
  const { PULUMI_CONFIG: stackConfiguration, ...env } = process.env;
  delete process.env["PULUMI_CONFIG"];
  const log = createEngineLog(findEngineAddress(), (message) => void process.stderr.write(`${message}\n`));
  const context = createPluginContext((message) => {
    log.warn(message);
  });
  const server = await startServer({
    context,
    log,
    env,
    ...(stackConfiguration !== undefined && { stackConfiguration }),
  });
  stopWithEngine(context, server);
  // The first line of the output is the port, which the engine reads.
  process.stdout.write(`${server.port}\n`);
}

/**
 * Stops the process when the engine ends it or is gone. The engine sends a signal at every normal end, and kills the process five
 * seconds later. A write that was sent must not be interrupted, because its outcome would be unknown, and its result must reach the
 * engine, which may still be waiting for it.
 */
function stopWithEngine(context: PluginContext, server: PluginServer): void {
  // The last one is that of Windows.
  for (const signal of ["SIGINT", "SIGTERM", "SIGBREAK"] as const) {
    process.on(signal, () => {
      context.cancel();
      void server.finish().then(() => process.exit(0));
    });
  }
  // The engine keeps a pipe open. By hand, the input may be a terminal or nothing, whose end means nothing.
  if (!fstatSync(0).isFIFO()) return;
  process.stdin.on("error", () => undefined);
  process.stdin.on("end", () => {
    context.stop();
  });
  process.stdin.resume();
}

/** The largest message, in bytes: as large as the engine's own (pulumi/pulumi, sdk/go/common/util/rpcutil). */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** A running server. */
export interface PluginServer {
  port: number;
  /** Stops the server at once. */
  close(): void;
  /** Accepts no further call, and resolves after the responses of all calls were sent. */
  finish(): Promise<void>;
}

/** Starts a server on a free port of the loopback interface. */
export async function startServer(options: ServiceOptions): Promise<PluginServer> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  server.addService(ResourceProviderService, { ...createService(options) });
  // The plugin accepts the connections itself, to know when the last one is closed. `tryShutdown` of @grpc/grpc-js 1.14 never calls back
  // if the engine closes a connection just before: its session is destroyed, but not closed yet. The engine waits for five seconds then.
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  const listener = createServer({ noDelay: true }, (connection) => {
    injector.injectConnection(connection);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (listener.address() as AddressInfo).port,
    close: () => {
      listener.close();
      server.forceShutdown();
    },
    finish: () =>
      new Promise((resolve) => {
        // Calls back after the last socket is closed. An error means that the listener is closed already.
        listener.close(() => {
          resolve();
        });
        server.tryShutdown(() => undefined);
      }),
  };
}
