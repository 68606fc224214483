import type { dynamic } from "@pulumi/pulumi";
import { encodeText, escapeInvisible } from "datadog-org-connections-core/api/escape-text.js";
import { omitUndefinedDeep } from "datadog-org-connections-core/api/omit-undefined.js";
import type { ParsedInputs } from "datadog-org-connections-core/connection/inputs.js";
import type { ConfigReader } from "datadog-org-connections-core/credentials/settings.js";
import { createHostContext } from "datadog-org-connections-core/host/create-context.js";
import type { OperationContext } from "datadog-org-connections-core/operation/operation-context.js";
import { toPrintableError } from "./printable-error.js";

/** The context of one provider process, which runs for one engine operation. All its resources share it. */
export interface ProcessContext extends OperationContext {
  /** Receives the stack's configuration. The engine calls it before any other call. */
  configure(request: dynamic.ConfigureRequest): Promise<void>;
}

/**
 * Creates the context of this process.
 *
 * @param warn - by default, writes to this process's stderr, which appears in the user's output
 */
export function createProcessContext(warn = printWarning): ProcessContext {
  let readConfig: ConfigReader = () => undefined;
  const context = createHostContext({
    getSettings: () => ({ config: readConfig, env: process.env }),
    receivesResourceOptions: true,
    warn,
  });
  return Object.assign(context, {
    // It must be synchronous, because calls arrive while the process still waits for this promise.
    configure: (request: dynamic.ConfigureRequest) => {
      readConfig = (key) => request.config.get(key);
      context.clearSessions();
      // Only the engine's provider process calls this, so the watch never exits a program that imports this package.
      context.watch.start();
      ignoreClosedStderr();
      return Promise.resolve();
    },
  });
}

const printWarning = (message: string): void => void process.stderr.write(`${message}\n`);

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
