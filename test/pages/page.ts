/** Gives the code blocks of a page to its tests, and fails if no test takes a block that a user would run. */
import { afterAll, expect } from "vitest";
import { formatBlock, isRunnable, listBlocks, type CodeBlock } from "./blocks.js";

/** The blocks of one page, for the tests of one file. */
export interface PageBlocks {
  /** Returns the code of the only block in a language below a heading. */
  takeBlock: (heading: string, language: string) => string;
  /** Returns the code of each block in a language below a heading, at least one, in order. */
  takeBlocks: (heading: string, language: string) => string[];
}

/**
 * Declares that the tests of this file run the page. `headings` limits this to some of its sections, if another file tests
 * the rest. Call it with literal strings at the top of the file: `page-code.test.ts` reads them.
 */
export function usePage(page: string, ...headings: string[]): PageBlocks {
  const blocks = listBlocks(page);
  const taken = new Set<CodeBlock>();
  afterAll(() => {
    const mine = blocks.filter(({ heading }) => headings.length === 0 || headings.includes(heading));
    const left = mine.filter((block) => isRunnable(block) && !taken.has(block));
    expect(left.map(formatBlock), "blocks that no test takes").toEqual([]);
  });
  const takeBlocks = (heading: string, language: string): string[] => {
    const found = blocks.filter(
      (block) => block.heading === heading && block.language === language && !block.isExcerpt,
    );
    if (found.length === 0) throw new Error(`${page} has no block ${language} below "${heading}"`);
    for (const block of found) taken.add(block);
    return found.map(({ code }) => code);
  };
  return {
    takeBlocks,
    takeBlock: (heading, language) => {
      const [code = "", ...others] = takeBlocks(heading, language);
      if (others.length > 0) throw new Error(`${page} has several blocks ${language} below "${heading}"`);
      return code;
    },
  };
}
