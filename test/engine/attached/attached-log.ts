import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb.js";
import type { EngineLog } from "../../../plugin/src/protocol/engine-log.js";

/** The options of clients of an engine: a new engine may have the port of an earlier one, whose connection gRPC would use again. */
export const CLIENT_OPTIONS = { "grpc.use_local_subchannel_pool": 1 };

/** The log of a provider to which an engine attaches. */
export interface AttachedLog extends EngineLog {
  attach(address: string): void;
  close(): void;
}

export function createAttachedLog(): AttachedLog {
  const pending = new Set<Promise<void>>();
  let client: EngineClient | undefined;
  const send = (message: string) =>
    new Promise<void>((resolve) => {
      const request = new LogRequest().setSeverity(LogSeverity.WARNING).setMessage(message);
      if (client) client.log(request, () => resolve());
      else resolve();
    });
  return {
    attach: (address) => {
      client = new EngineClient(address, grpc.credentials.createInsecure(), CLIENT_OPTIONS);
    },
    close: () => client?.close(),
    runForResource: (_, call) => call(),
    warn: (message) => {
      const sent = send(message).finally(() => pending.delete(sent));
      pending.add(sent);
    },
    flush: async () => {
      await Promise.all(pending);
    },
  };
}
