import { AsyncLocalStorage } from "node:async_hooks";
import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** How long the engine has to accept a message, in milliseconds. */
const TIMEOUT_MS = 5000;

/**
 * The URN of the resource of each call in progress. One storage for all logs: Node.js 20 keeps every storage that ran a call, and
 * each makes all later asynchronous work slower.
 */
const resources = new AsyncLocalStorage<string>();

/** The messages of this process to the user. */
export interface EngineLog {
  /** Runs a call of the engine. Messages during the call name its resource. */
  runForResource<T>(urn: string, call: () => T): T;
  /** Shows a warning. */
  warn(message: string): void;
  /** Resolves after all messages so far have arrived. */
  flush(): Promise<void>;
}

/**
 * Creates the log. It sends messages to the engine (pulumi/pulumi, proto/pulumi/engine.proto), which shows them next to the resource
 * that they are about.
 *
 * @param address - the address of the engine; missing if the process was not started by an engine
 * @param print - prints a message that the engine does not accept
 * @param options - of the gRPC client
 */
export function createEngineLog(
  address: string | undefined,
  print: (message: string) => void,
  options?: grpc.ClientOptions,
): EngineLog {
  const pending = new Set<Promise<void>>();
  let client: EngineClient | undefined;

  const send = (engine: string, message: string): Promise<void> =>
    new Promise((resolve) => {
      client ??= new EngineClient(engine, grpc.credentials.createInsecure(), options);
      const request = new LogRequest()
        .setSeverity(LogSeverity.WARNING)
        .setMessage(message)
        .setUrn(resources.getStore() ?? "");
      client.log(request, new grpc.Metadata(), { deadline: Date.now() + TIMEOUT_MS }, (error) => {
        if (error) print(message);
        resolve();
      });
    });

  return {
    runForResource: (urn, call) => resources.run(urn, call),
    warn: (message) => {
      if (address === undefined) {
        print(message);
        return;
      }
      const sent = send(address, message).finally(() => pending.delete(sent));
      pending.add(sent);
    },
    flush: async () => {
      await Promise.all(pending);
    },
  };
}
