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
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    port,
    close: () => {
      server.forceShutdown();
    },
    finish: () =>
      new Promise((resolve) => {
        // An error means that the server is closed already.
        server.tryShutdown(() => {
          resolve();
        });
      }),
  };
}
