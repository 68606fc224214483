/** The code blocks of the pages. CONTRIBUTING.md ("Code on pages") explains the words after their language. */
import { readPage } from "../repository/pages.js";

/** A fenced block of a page. */
export interface CodeBlock {
  page: string;
  line: number;
  /** The nearest heading above the block. */
  heading: string;
  language: string;
  /** Marks the block as a part of something that no test runs. */
  isExcerpt: boolean;
  /** The file of the repository that contains the lines of the block. */
  file: string | undefined;
  /** The words that have no meaning. */
  unknownWords: string[];
  /** The lines, each with its line ending. */
  code: string;
}

/** Lists the fenced blocks of a page. */
export function listBlocks(page: string): CodeBlock[] {
  const { fences, headings } = readPage(page);
  return fences.map(({ line, start, info, lines }) => {
    const [language = "", ...words] = info.trim().split(/\s+/);
    return {
      page,
      line,
      heading: headings.findLast((one) => one.start < start)?.text ?? "",
      language,
      isExcerpt: words.includes("excerpt"),
      file: words.find((word) => word.startsWith("file="))?.slice("file=".length),
      unknownWords: words.filter((word) => word !== "excerpt" && !word.startsWith("file=")),
      code: lines.map((one) => `${one}\n`).join(""),
    };
  });
}

/** Whether a test of the page must run the block: it is not output, an excerpt, or a part of a file. */
export const isRunnable = ({ language, isExcerpt, file }: CodeBlock): boolean =>
  language !== "text" && !isExcerpt && file === undefined;

export const formatBlock = ({ page, line, language, heading }: CodeBlock): string =>
  `${page}:${line}: ${language || "no language"}, below "${heading}"`;
