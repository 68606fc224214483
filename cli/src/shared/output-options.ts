import { Option, type Command } from "commander";

/**
 * The options of every command that writes a result. `prepareOutput` in write-atomic.ts checks `output` and `force`, and returns
 * the function that writes the result.
 */
export interface OutputOptions<Format extends string> {
  format: Format;
  /** The file to write to; standard output by default. */
  output?: string;
  /** Whether an existing file is replaced. */
  force?: true;
}

/**
 * Adds `--format`, `--output` and `--force` to a command.
 *
 * @param formats - the formats, in the order of `--help`; the first one is the default
 */
export function addOutputOptions(command: Command, formats: readonly [string, ...string[]]): Command {
  return command
    .addOption(new Option("-f, --format <format>", "output format").choices(formats).default(formats[0]))
    .option("-o, --output <file>", "write to a file (default: standard output)")
    .option("--force", "overwrite an existing file");
}
