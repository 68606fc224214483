import { omitUndefinedDeep } from "datadog-org-connections-core/text/data.js";

/**
 * The lines of code with which Pulumi's provider process loads this package. A resource has one as its input `__provider`;
 * the process evaluates it and calls `handler()`. They are stored in the state, and a connection is refreshed and deleted
 * with the line from its last write. So they are permanent: they contain no code that could become outdated, only the
 * import of the installed package. Lines of earlier releases stay supported, because each imports this package's `host`.
 *
 * They are short because every resource in the state has them.
 */

/**
 * The line of the inputs. It needs no message for a missing package, because the constructor refuses a program whose folder
 * cannot load this package (require-host.ts).
 */
export const INPUT_PROVIDER_LINE = "module.exports=require('pulumi-datadog-org-connections/host')";

/**
 * The line of the outputs, the only one in refresh and destroy. If the package is missing, it reports what to do instead of
 * Node's message and stack.
 */
export const OUTPUT_PROVIDER_LINE =
  "try{module.exports=require('pulumi-datadog-org-connections/host')}" +
  "catch(e){throw e.stack=e.message='Run npm install: '+/.*/.exec(e),e}";

/** The same two lines for a set. */
export const SET_INPUT_PROVIDER_LINE =
  "exports.handler=require('pulumi-datadog-org-connections/host').setHandler";
export const SET_OUTPUT_PROVIDER_LINE =
  "try{exports.handler=require('pulumi-datadog-org-connections/host').setHandler}" +
  "catch(e){throw e.stack=e.message='Run npm install: '+/.*/.exec(e),e}";

/**
 * Returns properties for the engine that keep the given line. The process copies the line of its request to every
 * response (`resultIncludingProvider`, sdk/nodejs/cmd/dynamic-provider). The accessor ignores that assignment. If a later
 * version of the SDK builds the response in another way, the response has the line of the request, which works too.
 */
export function addProviderLine<T extends object>(properties: T, line: string): T {
  return Object.defineProperty(omitUndefinedDeep(properties), "__provider", {
    enumerable: true,
    get: () => line,
    set: () => undefined,
  });
}
