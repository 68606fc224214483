import * as grpc from "@grpc/grpc-js";

/** A gRPC server of this process. */
export interface AttachedServer {
  port: number;
  /** Stops the server at once. */
  stop(): void;
}

/** Starts a service on a free port of the loopback interface. */
export async function listen(
  definition: grpc.ServiceDefinition,
  service: grpc.UntypedServiceImplementation,
): Promise<AttachedServer> {
  const server = new grpc.Server();
  server.addService(definition, service);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    port,
    stop: () => {
      server.forceShutdown();
    },
  };
}
