import path from "node:path";
import { Option } from "commander";
import { defineRepeatable, type CommandContext, type DefineCommand } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { addHelpDetails, type HelpDetails } from "../../shared/help.js";
import { addOutputOptions, type OutputOptions } from "../../shared/output-options.js";

const FORMATS = ["text", "json"] as const;

interface Options extends OutputOptions<(typeof FORMATS)[number]> {
  stack: string[];
  cwd?: string;
  trySites?: string[];
  readOnly?: true;
  problems?: true;
}

const help: HelpDetails = {
  paragraphs: [
    "It only reads: it sends at most five GET requests to each organization, without retries. Credentials come from the " +
      "environment and, with --stack, from the configuration of the stack. The proof of a workload identity is first exchanged for an " +
      "access token.",
    "A site responds to a key of another site as if the key did not exist. With --try-sites, doctor sends the API key (never " +
      "the application key, an access token or a proof) to other sites, but only if the configured site refuses the key. Without a list, --try-sites " +
      "means all sites of Datadog.",
    'Verdicts: "ok": no problem; "advice": it works, but there is a better choice; "unknown": the check has no ' +
      'result, for example because the credentials lack a permission or a file cannot be read; "problem": a run would ' +
      "fail or report wrong values because of what was found, or the request of the check failed.",
  ],
  examples: [
    "datadog-org-connections doctor --stack dev",
    "datadog-org-connections doctor --stack dev --try-sites",
    "datadog-org-connections doctor --stack prod --problems",
    `datadog-org-connections doctor --format json | jq '.organizations[].checks[] | select(.verdict == "problem")'`,
  ],
  exitCodes: [
    [EXIT.ok, "no problem"],
    [EXIT.findings, "a problem"],
  ],
};

/** Defines `datadog-org-connections doctor`. */
export const defineDoctor: DefineCommand = (program, context, wrapAction) => {
  const command = program
    .command("doctor")
    .summary("find the cause of failures: credentials, site, permissions, proxy, clock, versions")
    .description(
      "For each configured organization, checks the clock, the site, the credentials and their organization, the permissions and the " +
        "cross-organization visibility feature, and whether the API responds. Also checks the Pulumi CLI, its SDK and this package. Prints one line for each check, with the " +
        "next step. If there are several organizations, each one without a problem has one line.",
    )
    .addOption(defineRepeatable("--stack <name>", "also use credentials of this stack; repeatable"))
    .option("--cwd <folder>", "folder of the program (default: the current folder)")
    .addOption(
      new Option(
        "--try-sites [list]",
        "if a site refuses an API key, try all sites of Datadog, or a comma-separated list; repeatable",
      )
        .preset("all")
        .argParser((value: string, before: string[] | undefined) => [...(before ?? []), ...value.split(",")]),
    )
    .option("--read-only", "expect credentials without permission to write")
    .option("--problems", "print only problems");
  addOutputOptions(command, FORMATS);
  addHelpDetails(command, help).action(wrapAction((options: Options) => runDoctor(options, context)));
};

async function runDoctor(options: Options, context: CommandContext): Promise<number> {
  const { prepareOutput } = await import("../../shared/write-atomic.js");
  const write = prepareOutput(options, context);
  const { diagnose } = await import("./diagnose.js");
  const { parseSites } = await import("./other-sites.js");
  const { trySites } = options;
  const diagnosis = await diagnose(
    { stacks: options.stack, cwd: path.resolve(context.cwd, options.cwd ?? ".") },
    {
      ...(trySites && { trySites: parseSites(trySites) }),
      readOnly: options.readOnly ?? false,
    },
    context,
  );
  const { formatDiagnosis, selectProblems } = await import("./text.js");
  const { formatJson } = await import("../../shared/text.js");
  const shown = options.problems ? selectProblems(diagnosis) : diagnosis;
  write(options.format === "json" ? `${formatJson(shown, 2)}\n` : formatDiagnosis(shown));
  const checks = [
    ...diagnosis.program,
    ...diagnosis.organizations.flatMap(({ checks: organizationChecks }) => organizationChecks),
  ];
  return checks.some(({ verdict }) => verdict === "problem") ? EXIT.findings : EXIT.ok;
}
