import { Option, type Command } from "commander";
import { UsageError } from "./command.js";

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
 * Adds `--format`, `--output` and `--force` to a command. Many other tools have `--json`: it is an error that names the option of
 * this one.
 *
 * @param formats - the formats, in the order of `--help`; the first one is the default
 * @param defaultDescription - describes the default that the command selects itself, if there is no format
 */
export function addOutputOptions(
  command: Command,
  formats: readonly [string, ...string[]],
  defaultDescription?: string,
): Command {
  const format = new Option("-f, --format <format>", "output format").choices(formats);
  if (defaultDescription === undefined) format.default(formats[0]);
  else format.description += ` (default: ${defaultDescription})`;
  command
    .addOption(format)
    .option("-o, --output <file>", "write to a file (default: standard output)")
    .option("--force", "overwrite an existing file");
  if (!formats.includes("json")) return command;
  return command.addOption(new Option("--json").hideHelp()).on("option:json", () => {
    throw new UsageError("--json is not an option. Use --format json.");
  });
}
