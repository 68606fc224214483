/**
 * Formats a part of the report that readers open with a click. Escapes nothing: the title must not contain untrusted strings, and the
 * content must already be formatted as Markdown.
 */
export const formatFolded = (title: string, content: string): string =>
  `\n<details><summary>${title}</summary>\n\n${content}\n\n</details>\n`;
