import { Option } from "commander";
import type { DiscoverScope } from "./read-plan-inputs.js";
import type { Form } from "./plan.js";
import { defineRepeatable, type CommandContext, type DefineCommand } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { addHelpDetails, type HelpDetails } from "../../shared/help.js";

/** The options of `discover`. */
interface DiscoverOptions extends DiscoverScope {
  form: Form;
  output?: string;
  force?: true;
}

const help: HelpDetails = {
  paragraphs: [
    "Credentials come from the environment (DD_API_KEY__SHOP and DD_APP_KEY__SHOP for an organization called shop, DD_API_KEY " +
      "and DD_APP_KEY for the default organization) and, with --stack, from the stack's configuration. Connections that the " +
      "stack already manages are omitted. The program declares the connections whose source is one of the configured " +
      "organizations, or of those named with --source. To include other connections, configure the credentials of their " +
      "source. The command changes nothing in Datadog.",
  ],
  examples: [
    "datadog-org-connections discover -o index.ts",
    "datadog-org-connections discover --source payments --source search -o index.ts",
    "datadog-org-connections discover --stack prod --cwd infra --form set -o infra/discovered.ts",
  ],
  exitCodes: [
    [EXIT.ok, "written, or nothing to write"],
    [
      EXIT.incomplete,
      "an organization or a resource of a stack could not be read; the connections that were found are written",
    ],
  ],
};

/** `datadog-org-connections discover`: writes a program for the live connections. */
export const defineDiscover: DefineCommand = (program, context, action) => {
  const command = program
    .command("discover")
    .summary("write a program that adopts the live connections")
    .description(
      "Writes a TypeScript program that declares the live connections. Its first `pulumi up` adopts them into the state and " +
        "changes nothing in Datadog.",
    )
    .addOption(
      defineRepeatable(
        "--source <name>",
        "only connections from this organization instead of all configured ones; repeatable",
      ),
    )
    .addOption(
      defineRepeatable(
        "--stack <name>",
        "use credentials of this stack, and omit what it manages; repeatable",
      ),
    )
    .option("--cwd <folder>", "folder of the stack's project", ".")
    .addOption(
      new Option("--form <form>", "one resource for each connection, or one set for each organization")
        .choices(["single", "set"] satisfies Form[])
        .default("single" satisfies Form),
    )
    .option("-o, --output <file>", "write to a file (default: standard output)")
    .option("--force", "overwrite an existing file");
  addHelpDetails(command, help).action(action((options: DiscoverOptions) => runDiscover(options, context)));
};

async function runDiscover(options: DiscoverOptions, context: CommandContext): Promise<number> {
  const { prepareOutput } = await import("../../shared/write-atomic.js");
  const write = prepareOutput(options, context);
  const { readPlanInputs } = await import("./read-plan-inputs.js");
  const { createPlan } = await import("./plan.js");
  const { formatSentence } = await import("datadog-org-connections-core/api/escape-text.js");
  const plan = createPlan(await readPlanInputs(options, context), options.form);
  const report = (text: string) => context.stderr.write(`${formatSentence(text)}\n`);
  for (const remark of plan.remarks) report(remark);
  if (plan.count === 0)
    report(
      plan.complete
        ? "There are no live connections that a program can adopt. Nothing was written."
        : "No connections to adopt were found, but not everything could be read. Nothing was written.",
    );
  else {
    const { formatProgram } = await import("./program.js");
    const { formatNextSteps } = await import("./next-steps.js");
    write(formatProgram(plan, new Date().toISOString().slice(0, 10)));
    for (const line of formatNextSteps(plan, options.output)) report(line);
  }
  return plan.complete ? EXIT.ok : EXIT.incomplete;
}
