/**
 * Formats a part of the report that readers open with a click. Escapes nothing. The title must not contain untrusted strings. The
 * content must be Markdown in which untrusted strings are already escaped.
 */
export const formatFolded = (title: string, content: string): string =>
  `\n<details><summary>${title}</summary>\n\n${content}\n\n</details>\n`;
