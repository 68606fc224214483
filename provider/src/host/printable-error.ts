import { isOrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";

/**
 * Converts an error to one that the engine may show. The dynamic provider process prints an error of check, diff, read and
 * delete with its stack, and also passes its message to the engine (pulumi/pulumi, sdk/nodejs/cmd/dynamic-provider). So the
 * stack only refers to the message, and nothing else of the original is passed on.
 *
 * @param during - the call that failed, such as `read`
 */
export function toPrintableError(error: unknown, during: string): Error {
  // The error of a partial failure (set-host.ts), of which the engine needs all properties.
  if (error instanceof Error && "reasons" in error) return error;
  const message = isOrgConnectionsError(error)
    ? error.message
    : `internal error of pulumi-datadog-org-connections (${String(error)}). Please report it.`;
  const shown = new Error(message);
  shown.stack = "see the error of the resource";
  shown.toString = () => `${during} failed`;
  return shown;
}
