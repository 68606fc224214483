import { Command, CommanderError } from "commander";
import { version } from "../package.json";
import { formatLines } from "datadog-org-connections-core/text/escape-text.js";
import { UsageError, type CommandContext, type DefineCommand } from "./shared/command.js";
import { defineDiscover } from "./commands/discover/command.js";
import { defineDoctor } from "./commands/doctor/command.js";
import { EXIT } from "./shared/exit-codes.js";
import { addHelpDetails, setHelpWidth, type HelpDetails } from "./shared/help.js";
import { defineInventory } from "./commands/inventory/command.js";
import { defineMap } from "./commands/map/command.js";
import { defineReview } from "./commands/review/command.js";
import { defineSandbox } from "./commands/sandbox/command.js";
import { rejectWhenStopped, Stopped } from "./shared/stop.js";

/** The commands, in the order in which `--help` lists them. */
const commands: readonly DefineCommand[] = [
  defineReview,
  defineMap,
  defineInventory,
  defineDiscover,
  defineDoctor,
  defineSandbox,
];

const description = "Review, draw, list, adopt and check Datadog cross-organization connections.";
const help: HelpDetails = {
  paragraphs: ["The help of each command shows examples and its other exit codes."],
  exitCodes: [
    [EXIT.ok, "success"],
    [EXIT.failed, "failed"],
    [EXIT.usage, "invalid usage"],
    [130, "stopped by SIGINT (Ctrl-C); sandbox exits with 0"],
    [143, "stopped by SIGTERM; sandbox exits with 0"],
  ],
};

/**
 * Runs the command in the arguments and returns an exit code of exit-codes.ts. If a signal stops a command whose action does not
 * handle the abort, returns the code of `Stopped` (stop.ts) instead. Reports a failure as one message on standard error, without a
 * stack trace.
 */
export async function run(args: string[], context: CommandContext): Promise<number> {
  let code: number = EXIT.ok;
  const program = new Command("datadog-org-connections")
    .description(description)
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .version(version, "-V, --version", "show the version")
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
    })
    .showHelpAfterError("(see --help)")
    .exitOverride();
  addHelpDetails(setHelpWidth(program, context.stdout.columns), help);
  for (const define of commands) {
    define(program, context, (action, { handlesAbort = false } = {}) => async (...parsed) => {
      code = await (handlesAbort ? action(...parsed) : rejectWhenStopped(action(...parsed), context.signal));
    });
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    context.stderr.write(`${formatLines(error instanceof Error ? error.message : String(error))}\n`);
    if (error instanceof Stopped) return error.exitCode;
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}
