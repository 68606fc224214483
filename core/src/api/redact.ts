const PLACEHOLDER = "[credential]";

/** Creates a function that replaces each occurrence of the given secrets in a string, plain or URL-encoded. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]))]
    .filter((form) => form !== "")
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((redacted, form) => redacted.split(form).join(PLACEHOLDER), text);
}
