import { createEngineLog, type EngineLog } from "../../../plugin/src/protocol/engine-log.js";

/** The options of clients of an engine: a new engine may have the port of an earlier one, whose connection gRPC would use again. */
export const CLIENT_OPTIONS = { "grpc.use_local_subchannel_pool": 1 };

/** The log of a provider that learns the address of its engine only when the engine attaches. */
export interface AttachedLog extends EngineLog {
  attach(address: string): void;
}

export function createAttachedLog(): AttachedLog {
  const ignore = () => undefined;
  let log = createEngineLog(undefined, ignore);
  return {
    attach: (address) => void (log = createEngineLog(address, ignore, CLIENT_OPTIONS)),
    runForResource: (urn, call) => log.runForResource(urn, call),
    warn: (message) => {
      log.warn(message);
    },
    flush: () => log.flush(),
  };
}
