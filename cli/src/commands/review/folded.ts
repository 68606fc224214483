/** Formats a part of the report that readers open with a click. The title is not escaped, so it must not contain text from outside. */
export const formatFolded = (title: string, content: string): string =>
  `\n<details><summary>${title}</summary>\n\n${content}\n\n</details>\n`;
