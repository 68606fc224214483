import { AsyncLocalStorage } from "node:async_hooks";
import { formatCount } from "datadog-org-connections-core/text/phrases.js";
import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import type { Settings } from "datadog-org-connections-core/credentials/levels.js";
import { createHostContext, type HostContext } from "datadog-org-connections-core/host/create-context.js";

/** The context of one plugin process: of one provider instance, in one operation of the engine. */
export interface PluginContext extends HostContext {
  /** Applies the configuration of the provider. The engine sends it before any call for a resource. */
  configure(settings: Settings): void;
  /** Whether the engine has configured the provider. */
  isConfigured: boolean;
  /**
   * Stops before the next write. The engine also calls this at every normal end, while the process may still have to respond, so
   * the process does not exit.
   */
  cancel(): void;
  /** Stops before the next write, and exits the process after the last one that was sent. No engine waits for its result. */
  stop(): void;
}

/** Creates the context of this process. */
export function createPluginContext(warn: (message: string) => void): PluginContext {
  let settings: Settings = { config: () => undefined, env: {}, readsDatadogProvider: false };
  let isCanceled = false;
  const context = createHostContext({
    getSettings: () => settings,
    receivesResourceOptions: false,
    warn,
    beforeWrite: () => {
      if (isCanceled) return Promise.reject(createCanceledError());
      requireTimeLeft();
      return Promise.resolve();
    },
  });
  // The engine does not say whether another resource is deleted before a create (`deleteBeforeReplace`).
  context.ledger.expectDeletionsByOthers();
  const pluginContext = Object.assign(context, {
    isConfigured: false,
    configure: (configured: Settings) => {
      settings = configured;
      pluginContext.isConfigured = true;
      context.clearSessions();
      context.watch.start();
    },
    cancel: () => void (isCanceled = true),
    stop: () => {
      isCanceled = true;
      context.watch.stopAfterWrites();
    },
  });
  return pluginContext;
}

function createCanceledError(): OrgConnectionsError {
  return new OrgConnectionsError("canceled", {
    happened: "The operation was canceled before this change, so this change was not sent to Datadog.",
    advice: "Run `pulumi up --refresh` to continue.",
  });
}

/** The end of a call, by its option `customTimeouts`. */
interface Deadline {
  /** In milliseconds, from `performance.now`. */
  at: number;
  seconds: number;
}

const deadlines = new AsyncLocalStorage<Deadline>();

/**
 * Runs a call of the engine with the option `customTimeouts` of its resource. The engine only passes the option on. A request that was
 * sent is not interrupted, because its outcome would be unknown.
 *
 * @param seconds - 0 without the option
 */
export const runWithTimeout = <T>(seconds: number, call: () => T): T =>
  seconds > 0 ? deadlines.run({ at: performance.now() + seconds * 1000, seconds }, call) : call();

/** Refuses the next write of a call after its timeout. @throws `deadline-exceeded` */
function requireTimeLeft(): void {
  const deadline = deadlines.getStore();
  if (!deadline || performance.now() < deadline.at) return;
  throw new OrgConnectionsError("deadline-exceeded", {
    happened: `The timeout of this resource (\`customTimeouts\`), ${formatCount(deadline.seconds, "second")}, ended before this change, so it was not made.`,
    advice: "Increase `customTimeouts`, then run `pulumi up` to apply the remaining changes.",
  });
}
