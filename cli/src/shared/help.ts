import type { Command } from "commander";
import { EXIT } from "./exit-codes.js";

/** What the help of a command shows after its options. */
export interface HelpDetails {
  /** The paragraphs are wrapped to the width of the help. */
  paragraphs?: readonly string[];
  /** Complete command lines. They are not wrapped, so that they can be copied. */
  examples?: readonly string[];
  /** The meaning of each exit code, in the order of the help. Missing {@link COMMON_EXIT_CODES} are added at the end. */
  exitCodes: readonly (readonly [code: number, meaning: string])[];
}

const COMMON_EXIT_CODES = [
  [EXIT.failed, "failed"],
  [EXIT.usage, "invalid usage"],
] as const;

/** The width of the help, in columns, if the width of the terminal is unknown. */
const DEFAULT_WIDTH = 80;
/** The maximum width of the help, in columns. Longer lines are hard to read. */
const MAX_WIDTH = 120;

/** Descriptions and paragraphs are wrapped only if at least this many columns are left for them. */
const MIN_WIDTH_TO_WRAP = 20;

/**
 * Sets the width of the help to the width of the terminal, up to a maximum. Applies to the program and to commands that are added
 * later.
 *
 * @param columns - the width of the terminal, in columns. Missing or 0 if it is unknown
 */
export function setHelpWidth(program: Command, columns = 0): Command {
  return program.configureHelp({
    helpWidth: columns === 0 ? DEFAULT_WIDTH : Math.min(columns, MAX_WIDTH),
    minWidthToWrap: MIN_WIDTH_TO_WRAP,
  });
}

/** Adds paragraphs, examples and exit codes to the help of a command, after its options. */
export function addHelpDetails(command: Command, details: HelpDetails): Command {
  return command.addHelpText("after", () => formatHelpDetails(command, details));
}

function formatHelpDetails(
  command: Command,
  { paragraphs = [], examples = [], exitCodes }: HelpDetails,
): string {
  const helper = command.createHelp();
  const width = helper.helpWidth ?? DEFAULT_WIDTH;
  const codes = [
    ...exitCodes,
    ...COMMON_EXIT_CODES.filter(([code]) => !exitCodes.some(([own]) => own === code)),
  ];
  const codeWidth = Math.max(...codes.map(([code]) => String(code).length));
  return [
    ...paragraphs.map((paragraph) => helper.boxWrap(paragraph, width)),
    ...(examples.length > 0 ? [["Examples:", ...examples.map((example) => `  ${example}`)].join("\n")] : []),
    [
      "Exit codes:",
      ...codes.map(([code, meaning]) => helper.formatItem(String(code), codeWidth, meaning, helper)),
    ].join("\n"),
  ]
    .map((section) => `\n${section}`)
    .join("\n");
}
