const PLACEHOLDER = "[key]";

/** Creates a function that replaces each occurrence of the given keys in a string, plain or URL-encoded. */
export function createRedactor(keys: readonly string[]): (text: string) => string {
  const forms = [...new Set(keys.flatMap((key) => [key, encodeURIComponent(key)]))]
    .filter((form) => form !== "")
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((redacted, form) => redacted.split(form).join(PLACEHOLDER), text);
}
