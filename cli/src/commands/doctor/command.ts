import { Option } from "commander";
import { defineRepeatable, type DefineCommand } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { addHelpDetails, type HelpDetails } from "../../shared/help.js";
import { addOutputOptions } from "../../shared/output-options.js";
import type { DoctorOptions, Format } from "./run-doctor.js";

const FORMATS = ["text", "json"] as const satisfies Format[];

const help: HelpDetails = {
  paragraphs: [
    "doctor only reads: for each organization, it sends at most five GET requests to the site of the organization, " +
      "without retries. Credentials come from the environment and, with --stack, from the configuration of the stack. For a workload identity, doctor first " +
      "exchanges its proof for an access token.",
    "A site responds to a key of another site as if the key did not exist. With --try-sites, doctor sends the API key (never " +
      "the application key, an access token or a proof) to other sites, but only if the configured site refuses the key. Without a list, --try-sites " +
      "means all sites of Datadog.",
    'Verdicts: "ok": no problem; "advice": it works, but there is a better choice; "unknown": the check cannot ' +
      'decide, for example because the credentials lack a permission or a file cannot be read; "problem": what was found ' +
      "would make `pulumi up` or another command fail or report wrong values, or the request of the check failed.",
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
        "cross-organization visibility feature, and whether the API responds. Also checks the Pulumi CLI and, as far as the program needs them, the " +
        "Pulumi SDK, the package and the plugin. Prints one line for each check, with the next step if there is one. If there are several " +
        "organizations, each organization without a problem has only one line. Below these lines, each distinct result of these organizations that is not `ok` has one line.",
    )
    .addOption(
      defineRepeatable(
        "--stack <name>",
        "also use credentials of this stack, and compare them with its state; repeatable",
      ),
    )
    .option("--cwd <folder>", "folder of the program (default: the current folder)")
    .addOption(
      new Option(
        "--try-sites [list]",
        "if a site refuses an API key, send the key to the other sites of Datadog, or to those in a comma-separated list; repeatable",
      )
        .preset("all")
        .argParser((value: string, before: string[] | undefined) => [...(before ?? []), ...value.split(",")]),
    )
    .option("--read-only", "accept credentials without permission to write")
    .option("--problems", "print only problems");
  addOutputOptions(command, FORMATS);
  addHelpDetails(command, help).action(
    wrapAction(async (options: DoctorOptions) =>
      (await import("./run-doctor.js")).runDoctor(options, context),
    ),
  );
};
