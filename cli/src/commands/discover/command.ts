import { Option } from "commander";
import type { LivePlace } from "./find-live.js";
import type { Form } from "./plan.js";
import { defineRepeatable, type CommandContext, type DefineCommand } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";

/** What `discover` was called with. */
interface DiscoverOptions extends LivePlace {
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
      defineRepeatable(
        "--source <name>",
        "only what this organization shares, not all configured ones; may be repeated",
      ),
    )
    .addOption(
      defineRepeatable(
        "--stack <name>",
        "take keys from this stack, and leave out what it manages; may be repeated",
      ),
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
  const { prepareOutput } = await import("../../shared/write-atomic.js");
  const write = prepareOutput(options, context);
  const { findLive } = await import("./find-live.js");
  const { planOf } = await import("./plan.js");
  const { formatSentence } = await import("datadog-org-connections-core/api/invisible.js");
  const plan = planOf(await findLive(options, context), options.form);
  const report = (text: string) => context.stderr.write(`${formatSentence(text)}\n`);
  for (const remark of plan.remarks) report(remark);
  if (plan.count === 0) report("Nothing is live that a program could take over: nothing was written.");
  else {
    const { programOf } = await import("./program.js");
    const { nextSteps } = await import("./next-steps.js");
    write(programOf(plan, new Date().toISOString().slice(0, 10)));
    for (const line of nextSteps(plan, options.output)) report(line);
  }
  return plan.complete ? EXIT.ok : EXIT.incomplete;
}
