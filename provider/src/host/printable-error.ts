import { isOrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";

/**
 * An error as the engine may show it. The dynamic provider host prints an error of check, diff, read and delete with
 * its stack, and then hands its message to the engine (pulumi/pulumi, sdk/nodejs/cmd/dynamic-provider): so the stack
 * is a pointer to the message, and nothing else of the original travels.
 */
export function printable(error: unknown, during: string): Error {
  // "Done in part" is for the engine, which knows its form.
  if (error instanceof Error && "reasons" in error) return error;
  const message = isOrgConnectionsError(error)
    ? error.message
    : `internal error of pulumi-datadog-org-connections (${String(error)}). Please report it.`;
  const shown = new Error(message);
  shown.stack = "its reason stands with the resource";
  shown.toString = () => `${during} failed`;
  return shown;
}
