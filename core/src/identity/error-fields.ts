/** The maximum count of causes of an error that are searched. */
const MAX_DEPTH = 5;

/** Finds an error code of Node.js, such as `ECONNREFUSED`, in an error or in its causes. */
export function findErrorCode(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > MAX_DEPTH) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === "string" && /^[A-Z][A-Z0-9_]+$/.test(code)
    ? code
    : findErrorCode(error.cause, depth + 1);
}

/**
 * Returns the name of an error of a library, such as `CredentialsProviderError`, or else `Error`. The message of the error is never
 * used: it may contain the request, with a credential.
 */
export function findErrorName(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  return /^[A-Za-z]\w{0,60}$/.test(name) ? name : "Error";
}
