/** Formats a part of the report that readers open with a click. The title is our own text. */
export const formatFolded = (title: string, content: string): string =>
  `\n<details><summary>${title}</summary>\n\n${content}\n\n</details>\n`;
