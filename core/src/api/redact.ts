const PLACEHOLDER = "[credential]";

/** Creates a function that replaces all secrets in a string, plain or URL-encoded. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]))]
    .filter((form) => form !== "")
    // Longest first, so that a secret that contains another one is replaced as a whole.
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((redacted, form) => redacted.split(form).join(PLACEHOLDER), text);
}
