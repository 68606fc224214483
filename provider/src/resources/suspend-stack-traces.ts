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
