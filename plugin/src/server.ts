import { createServer, type AddressInfo } from "node:net";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { createService, type ServiceOptions } from "./service.js";

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
