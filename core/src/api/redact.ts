const BLANK = "[key]";

/** A function that blanks each of the given keys wherever it stands in a text, as it is or URL-encoded. */
export function redactor(keys: readonly string[]): (text: string) => string {
  const forms = [...new Set(keys.flatMap((key) => [key, encodeURIComponent(key)]))]
    .filter((form) => form !== "")
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((blanked, form) => blanked.split(form).join(BLANK), text);
}
