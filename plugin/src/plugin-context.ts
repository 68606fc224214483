import { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import type { Settings } from "datadog-org-connections-core/credentials/levels.js";
import { createHostContext, type HostContext } from "datadog-org-connections-core/host/create-context.js";

/** The context of one plugin process: of one provider instance, in one operation of the engine. */
export interface PluginContext extends HostContext {
  /** Applies the configuration of the provider. The engine sends it before any call for a resource. */
  configure(settings: Settings): void;
  /** Stops before the next write. The engine also calls this at every normal end, when no write is left. */
  cancel(): void;
}

/** Creates the context of this process. */
export function createPluginContext(warn: (message: string) => void): PluginContext {
  let settings: Settings = { config: () => undefined, env: {} };
  let isCancelled = false;
  const context = createHostContext({
    getSettings: () => settings,
    warn,
    beforeWrite: () => (isCancelled ? Promise.reject(createCancelledError()) : Promise.resolve()),
  });
  // The engine does not say whether another resource is deleted before a create (`deleteBeforeReplace`).
  context.needsNewListingToAdopt = true;
  return Object.assign(context, {
    configure: (configured: Settings) => {
      settings = configured;
      context.clearSessions();
      context.watch.start();
    },
    cancel: () => void (isCancelled = true),
  });
}

function createCancelledError(): OrgConnectionsError {
  return new OrgConnectionsError("engine-gone", {
    happened: "The operation was cancelled, so nothing more is written.",
    advice: "Run `pulumi up --refresh` to continue.",
  });
}
