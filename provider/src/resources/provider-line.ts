/**
 * The line that every resource of this package carries as its input `__provider`. Pulumi's provider process evaluates
 * it and calls `handler()`; it stands in the state, and an old state is deleted by the line of that time. So it is for
 * ever: it holds no code that could age, only the way to the installed package, and what to say when that is missing.
 * Lines of earlier releases stay here and stay supported.
 */
export const PROVIDER_LINE =
  'exports.handler=()=>{try{return require("pulumi-datadog-org-connections/host").handler()}' +
  'catch(e){e.message="run npm install: the package pulumi-datadog-org-connections serves the resources of this stack ("+e.code+")";e.stack="";throw e}}';
