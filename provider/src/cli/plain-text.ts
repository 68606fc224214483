/**
 * A text from elsewhere (an organization's name, a server's words) as a terminal and a table may show it: on one line,
 * without what a terminal obeys and without signs that turn the direction of writing.
 */
export function plainText(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what has to go
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, " ").trim();
}
