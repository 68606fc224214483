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
 * cannot load this package (provider/src/resources/program-guard.ts).
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
