import type { dynamic } from "@pulumi/pulumi";
import { readCheckMode, type ConfigReader } from "datadog-org-connections-core/credentials/settings.js";
import type { ParsedInputs } from "datadog-org-connections-core/connection/input-schemas.js";
import type { OperationContext } from "datadog-org-connections-core/operation/operation-context.js";
import { omitUndefinedDeep } from "datadog-org-connections-core/api/omit-undefined.js";
import type { Session } from "datadog-org-connections-core/operation/session.js";
import { requireEngine } from "./require-engine.js";
import { EngineWatch } from "./engine-watch.js";
import { toPrintableError } from "./printable-error.js";
import { encodeText, escapeInvisible } from "datadog-org-connections-core/api/escape-text.js";
import { listConfiguredOrganizations, Sessions } from "datadog-org-connections-core/operation/sessions.js";

/** The context of one provider process, which runs for one engine operation. All its resources share it. */
export interface ProcessContext extends OperationContext {
  /** Receives the stack's configuration. The engine calls it before any other call. */
  configure(request: dynamic.ConfigureRequest): Promise<void>;
}

/** Creates the context of this process. */
export function createProcessContext(): ProcessContext {
  let readConfig: ConfigReader = () => undefined;
  // The process's stderr appears in the user's output, and may contain names from old states and programs.
  const warn = (message: string) => void process.stderr.write(`${escapeInvisible(message)}\n`);
  const watch = new EngineWatch();
  const sessions = new Sessions(() => ({ config: readConfig, env: process.env }), warn, {
    beforeWrite: requireEngine,
    trackWrite: (write, requestMs) => watch.trackWrite(write, requestMs),
  });
  /** By source, so that the credentials are not resolved again for each of a thousand resources. */
  const sessionsBySource = new Map<string | undefined, Session>();
  return {
    retainedIds: new Map(),
    deletedIds: new Set(),
    needsNewListingToAdopt: false,
    declaredPairs: new Set(),
    claimants: new Map(),
    otherPairs: new Map(),
    hasStartedChanges: false,
    listConfiguredOrganizations: () => listConfiguredOrganizations({ config: readConfig, env: process.env }),
    isAdoptingAll: () => process.env["DATADOG_ORG_CONNECTIONS_ADOPT"] === "true",
    getSession: (source) => {
      const session = sessionsBySource.get(source) ?? sessions.getSession(source);
      sessionsBySource.set(source, session);
      return session;
    },
    warn,
    getCheckMode: () => readCheckMode(readConfig),
    // It must be synchronous, because calls arrive while the process still waits for this promise.
    configure: (request) => {
      readConfig = (key) => request.config.get(key);
      sessionsBySource.clear();
      // Only the engine's provider process calls this, so the watch never exits a program that imports this package.
      watch.start();
      ignoreClosedStderr();
      return Promise.resolve();
    },
  };
}

/**
 * Ignores errors of this process's stderr, whose pipe a killed engine closes. Without a listener, the next warning would be an
 * uncaught error, which the SDK prints to the same pipe, which fails again: the process would never stop.
 */
function ignoreClosedStderr(): void {
  if (!process.stderr.listeners("error").includes(ignoreError)) process.stderr.on("error", ignoreError);
}

const ignoreError = (): void => undefined;

/** The methods that Pulumi's dynamic provider process calls. Read returns an empty ID if the connection is gone. */
export type DynamicHost = Omit<dynamic.ResourceProvider, "read"> &
  Required<Pick<dynamic.ResourceProvider, "configure" | "check" | "diff" | "update" | "delete">> & {
    read(id: string, props: unknown): Promise<dynamic.ReadResult>;
  };

/** Runs a call from the engine. The engine may show the errors that it throws. */
export async function runHostCall<T>(call: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toPrintableError(error, call);
  }
}

/**
 * Converts the result of check for the engine. The engine may print the failures, so the values from the program in them are
 * escaped.
 */
export const toCheckResult = ({ inputs, failures }: ParsedInputs<object>): dynamic.CheckResult => ({
  // If inputs are invalid, the engine shows only the failures.
  ...(inputs && { inputs: omitUndefinedDeep(inputs) }),
  failures: failures.map(({ property, reason }) => ({
    property: encodeText(property),
    reason: escapeInvisible(reason),
  })),
});
