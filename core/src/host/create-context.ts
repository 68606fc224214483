import { escapeInvisible } from "../text/escape-text.js";
import {
  createOperationContext,
  type OperationContext,
  type OperationOptions,
} from "../operation/operation-context.js";
import { Sessions } from "../operation/sessions.js";
import { EngineWatch, requireEngine } from "./engine-watch.js";

/** What a host (the dynamic provider or the plugin) provides for its context. `warn` gets messages without invisible characters. */
export interface HostOptions extends Omit<OperationOptions, "sessions"> {
  /** Called before each attempt of a write. Throws if the request must not be sent. */
  beforeWrite?: () => Promise<void>;
}

/** The context of one process of a host, for one operation. All resources that the process handles share it. */
export interface HostContext extends OperationContext {
  /** Exits the process after the engine that started it is gone. */
  readonly watch: EngineWatch;
  /** Forgets which session belongs to which source. Must be called after a change of the settings. */
  clearSessions(): void;
}

/** Creates the context of a process that an engine has started for one operation. */
export function createHostContext({ beforeWrite, ...options }: HostOptions): HostContext {
  // The message may contain a name with invisible characters, from the state or the program.
  const warn = (message: string) => {
    options.warn(escapeInvisible(message));
  };
  const watch = new EngineWatch();
  const sessions = new Sessions(options.getSettings, warn, {
    beforeWrite: async () => {
      await beforeWrite?.();
      await requireEngine();
    },
    trackWrite: (write, requestMs) => watch.trackWrite(write, requestMs),
  });
  return { ...createOperationContext({ ...options, sessions, warn }), watch };
}
