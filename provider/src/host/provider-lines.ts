import { withoutUndefined } from "datadog-org-connections-core/api/defined.js";

/**
 * The lines by which Pulumi's provider process finds this package. A resource carries one as its input `__provider`;
 * the process evaluates it and calls `handler()`. They stand in the state, and a connection is refreshed and deleted by
 * the line of the time when it was last written. So they are for ever: they hold no code that could age, only the way
 * to the installed package. Lines of earlier releases stay supported, since each ends in this package's `host`.
 *
 * They are terse because every resource of the state holds them.
 */

/** The input. It runs beside a program that has just loaded this package, so it has nothing to catch. */
export const INPUT_LINE = "module.exports=require('pulumi-datadog-org-connections/host')";

/**
 * The output, which alone is there in refresh and destroy. Where the package is missing it says what to do, in place
 * of Node's message and stack.
 */
export const OUTPUT_LINE =
  "try{module.exports=require('pulumi-datadog-org-connections/host')}" +
  "catch(e){throw e.stack=e.message='Run npm install: '+/.*/.exec(e),e}";

/** The same two for a set of connections. */
export const SET_INPUT_LINE = "exports.handler=require('pulumi-datadog-org-connections/host').setHandler";
export const SET_OUTPUT_LINE =
  "try{exports.handler=require('pulumi-datadog-org-connections/host').setHandler}" +
  "catch(e){throw e.stack=e.message='Run npm install: '+/.*/.exec(e),e}";

/**
 * Properties for the engine, which keep the given line. The process copies the line of what it was called with onto every answer
 * (`resultIncludingProvider`, sdk/nodejs/cmd/dynamic-provider); an accessor lets that pass. Should a later version
 * build its answer in another way, its own line stands there and serves as well.
 */
export function withLine<T extends object>(properties: T, line: string): T {
  return Object.defineProperty(withoutUndefined(properties), "__provider", {
    enumerable: true,
    get: () => line,
    set: () => undefined,
  });
}
