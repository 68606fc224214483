import * as v from "valibot";
import * as config from "@pulumi/pulumi/runtime/config";
import { getMonitor } from "@pulumi/pulumi/runtime/settings";

/**
 * The parts of Pulumi's SDK that this package uses, imported by file. The SDK's index loads more than 500 other files:
 * function serialization (including a compiler and npm's packages) and the Automation API. A program that only declares
 * connections uses none of them, and starts in half the time without them (bench/start-up).
 */
export { warn } from "@pulumi/pulumi/log";
export { all, Output, output } from "@pulumi/pulumi/output";
export { CustomResource, Resource } from "@pulumi/pulumi/resource";
export { allConfig } from "@pulumi/pulumi/runtime/config";
export { getProject, getRootDirectory, getStack } from "@pulumi/pulumi/runtime/settings";

/** Not in the SDK's published types, but used by its own `Config` (sdk/nodejs/config.ts). */
export const { isConfigSecret } = config as unknown as { isConfigSecret: (key: string) => boolean };

/** The monitor that `pulumi.runtime.setMocks` sets. The monitor of an engine has no mocks. */
const mockMonitorSchema = v.object({
  mocks: v.object({ call: v.pipe(v.function(), v.args(v.tuple([v.unknown()])), v.returns(v.unknown())) }),
});

/** Returns the mocks of a unit test (`pulumi.runtime.setMocks`); undefined if an engine runs the program. */
export function getMocks(): v.InferOutput<typeof mockMonitorSchema>["mocks"] | undefined {
  const monitor: unknown = getMonitor();
  return v.is(mockMonitorSchema, monitor) ? monitor.mocks : undefined;
}

/**
 * Returns a function that creates a value at its first call in a run of a program, and returns this value for the rest of the run. One
 * process can run several programs (Automation API), days apart and with other settings and permissions.
 */
export function createPerRun<T>(create: () => T): () => T {
  const values = new WeakMap<object, { value: T }>();
  return () => {
    const run: object = getMonitor() ?? values;
    const known = values.get(run) ?? { value: create() };
    values.set(run, known);
    return known.value;
  };
}

/**
 * Suspends stack traces while the constructor of the SDK runs. The SDK formats a trace for each of the fifty promises that a
 * resource has (sdk/nodejs/runtime/debuggable.ts), which took most of the time and a third of the memory of a program with a
 * thousand resources. It prints them only with `PULUMI_DEBUG_PROMISE_LEAKS`. The SDK finds the line of the resource in the
 * program with a limit of its own.
 *
 * @param resource - the class of the resource
 * @returns `resume` restores the traces; `addTrace` does that too, and gives an error the trace of the resource
 */
export function suspendStackTraces(resource: abstract new (...args: never) => unknown) {
  const limit = Error.stackTraceLimit;
  const resume = () => void (Error.stackTraceLimit = limit);
  if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"] === undefined) Error.stackTraceLimit = 0;
  const addTrace = (error: unknown) => {
    resume();
    if (error instanceof Error) Error.captureStackTrace(error, resource);
    return error;
  };
  return { resume, addTrace };
}
