import * as util from "node:util";
import { Help } from "commander";
import type { CommandContext } from "./command.js";

/** The widest line in a terminal, in columns. Longer lines are hard to read. */
const MAX_WIDTH = 120;
/** Below this width, the text of a hanging paragraph begins on a new line. */
const MIN_TEXT_WIDTH = 40;
/** The indentation of such a text, in columns. */
const NARROW_INDENT = 4;

/** Stands for a space in a command, so that a line does not break there. Printable texts do not contain it. */
const NO_BREAK = "\uE000";

/** The styles of a text in a terminal. */
export type Style = "bold" | "dim" | "green" | "red" | "yellow" | "cyan";

/** Lays out text: wrapped, and perhaps colored, in a terminal. In a file, a pipe or a log, each paragraph is one line. */
export interface Layout {
  /** Whether lines are wrapped. Undefined for {@link plainLayout}. */
  width: number | undefined;
  /** Adds a style if the terminal has colors. The text must be printable: styles are added after escaping. */
  paint(style: Style, text: string): string;
  heading(text: string): string;
  /**
   * Formats a paragraph whose first line begins with `prefix`, such as `- ` or the first columns of a row. The other lines
   * are indented by its width. Commands in backticks are not broken, so that they can be copied.
   *
   * @param painted - the prefix with styles; its width is that of `prefix`
   */
  hang(prefix: string, text: string, painted?: string): string;
}

const helper = Object.assign(new Help(), { minWidthToWrap: 1 });

/** The layout of a file, a pipe or a log. */
export const plainLayout: Layout = {
  width: undefined,
  paint: (_, text) => text,
  heading: (text) => text,
  hang: (prefix, text) => `${prefix}${text}`,
};

/** Selects the layout for a result that is written to `output`, or to standard output. */
export function selectLayout(
  { output }: { output?: string },
  { stdout: { columns, isColored = false } }: Pick<CommandContext, "stdout">,
): Layout {
  if (output !== undefined || columns === undefined) return plainLayout;
  const width = columns === 0 ? MAX_WIDTH : Math.min(columns, MAX_WIDTH);
  const paint: Layout["paint"] = (style, text) => (isColored ? addStyle(style, text) : text);
  return {
    width,
    paint,
    heading: (text) => paint("bold", text),
    hang(prefix, text, painted = prefix) {
      const isNarrow = width - prefix.length < MIN_TEXT_WIDTH;
      const indent = " ".repeat(isNarrow ? Math.min(NARROW_INDENT, prefix.length) : prefix.length);
      const lines = wrap(text, width - indent.length);
      return isNarrow && prefix.length > NARROW_INDENT
        ? [painted.trimEnd(), ...lines.map((line) => `${indent}${line}`)].join("\n")
        : `${painted}${lines.join(`\n${indent}`)}`;
    },
  };
}

const wrap = (text: string, width: number): string[] =>
  helper
    .boxWrap(
      text.replace(/`[^`]*`/g, (command) => command.replaceAll(" ", NO_BREAK)),
      width,
    )
    .replaceAll(NO_BREAK, " ")
    .split("\n");

/** Node has `styleText` since 20.12. Whether the stream has colors is decided before, so it is not validated here. */
function addStyle(style: Style, text: string): string {
  const styleText = util.styleText as typeof util.styleText | undefined;
  return styleText ? styleText(style, text, { validateStream: false }) : text;
}
