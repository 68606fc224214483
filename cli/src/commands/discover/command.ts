import { Option } from "commander";
import type { Form } from "./plan.js";
import { UsageError, type CommandContext, type DefineCommand } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { repeated } from "../../shared/options.js";

/** What `discover` was called with. */
export interface DiscoverOptions {
  source: string[];
  stack: string[];
  cwd: string;
  form: Form;
  output?: string;
  force?: true;
}

const help = `
Examples:
  datadog-org-connections discover -o index.ts
  datadog-org-connections discover --source payments --source search -o index.ts
  datadog-org-connections discover --stack prod --cwd infra --form set -o infra/discovered.ts

Whose keys: those of the environment (DD_API_KEY__SHOP and DD_APP_KEY__SHOP for an organization called shop, DD_API_KEY
and DD_APP_KEY for the default one), and with --stack those of its configuration. What the stack manages already is left
out. The program holds what these organizations share; what others share with them needs the keys of those others.
Nothing is written at Datadog.

Exit codes: ${EXIT.ok} written, or nothing to write; ${EXIT.failed} failed; ${EXIT.usage} called wrongly; ${EXIT.incomplete} written, but an organization could not be
looked at, or a resource of a stack not be read.`;

/** `datadog-org-connections discover`: the program for what is live. */
export const defineDiscover: DefineCommand = (program, context, action) => {
  program
    .command("discover")
    .summary("write the program that takes over what is live")
    .description(
      "Writes the TypeScript program for what is live: `pulumi up` of it takes the connections into the state, and changes " +
        "nothing at Datadog.",
    )
    .addOption(
      repeated(
        "--source <name>",
        "only what this organization shares, not all configured ones; may be repeated",
      ),
    )
    .addOption(
      repeated("--stack <name>", "take keys from this stack, and leave out what it manages; may be repeated"),
    )
    .option("--cwd <folder>", "the folder of the stack's project", ".")
    .addOption(
      new Option("--form <form>", "a resource for each connection, or a set for each organization")
        .choices(["single", "set"] satisfies Form[])
        .default("single" satisfies Form),
    )
    .option("-o, --output <file>", "write it to a file (default: standard output)")
    .option("--force", "write over a file that exists")
    .addHelpText("after", help)
    .action(action((options: DiscoverOptions) => runDiscover(options, context)));
};

async function runDiscover(options: DiscoverOptions, context: CommandContext): Promise<number> {
  if (options.force === true && options.output === undefined) {
    throw new UsageError("--force goes with -o FILE. (--help tells more)");
  }
  const { discover } = await import("./discover.js");
  return discover(options, context);
}
