import path from "node:path";
import { defineRepeatable, type CommandContext, type DefineCommand } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";

interface Options {
  stack: string[];
  cwd?: string;
  trySites?: string | true;
  readOnly?: true;
  json?: true;
}

const help = `
It reads only: five GETs for each organization, each sent once. Whose keys: those of the environment, and with --stack
those of its configuration.

A key of another site is refused like one that never was. Only other sites can tell: --try-sites sends them the API key
(never the application key), and only when the configured site does not know it. Without a list it asks Datadog's own.

Lines: "ok"; "advice", works and could be better; "unknown", nobody can tell with these keys; "problem", with its cause.

Examples:
  datadog-org-connections doctor --stack dev
  datadog-org-connections doctor --stack dev --try-sites
  datadog-org-connections doctor --json | jq '.organizations[].checks[] | select(.verdict == "problem")'

Exit codes: ${EXIT.ok} no problem; ${EXIT.found} a problem; ${EXIT.failed} failed; ${EXIT.usage} called wrongly.`;

/** `datadog-org-connections doctor`. */
export const defineDoctor: DefineCommand = (program, context, action) => {
  program
    .command("doctor")
    .summary("find out why it does not work: keys, site, permissions, proxy, clock, versions")
    .description(
      "Looks, for each configured organization, at host, site, keys, whose they are, permissions, the feature and the " +
        "clock, and for the program at the Pulumi CLI, its SDK and this package. One line each, with what to do next.",
    )
    .addOption(
      defineRepeatable("--stack <name>", "take keys from this stack's configuration too; may be repeated"),
    )
    .option("--cwd <folder>", "the folder of the program (default: this one)")
    .option(
      "--try-sites [list]",
      "where a site does not know an API key, ask others: Datadog's, or those listed, by comma",
    )
    .option("--read-only", "keys that may not write are as they should be")
    .option("--json", "print JSON")
    .addHelpText("after", help)
    .action(action((options: Options) => runDoctor(options, context)));
};

async function runDoctor(options: Options, context: CommandContext): Promise<number> {
  const { diagnose } = await import("./diagnose.js");
  const { sitesToAsk } = await import("./sites.js");
  const { trySites } = options;
  const diagnosis = await diagnose(
    { stacks: options.stack, cwd: path.resolve(context.cwd, options.cwd ?? ".") },
    {
      ...(trySites !== undefined && {
        trySites: sitesToAsk(trySites === true ? undefined : trySites.split(",").map((site) => site.trim())),
      }),
      readOnly: options.readOnly ?? false,
    },
    context,
  );
  const { formatDiagnosis } = await import("./text.js");
  const { formatJson } = await import("../../shared/text.js");
  context.stdout.write(options.json ? `${formatJson(diagnosis, 2)}\n` : formatDiagnosis(diagnosis));
  const checks = [...diagnosis.program, ...diagnosis.organizations.flatMap(({ checks: own }) => own)];
  return checks.some(({ verdict }) => verdict === "problem") ? EXIT.found : EXIT.ok;
}
