import { InvalidArgumentError, Option } from "commander";
import type { Format, ReviewOptions } from "./run-review.js";
import { defineRepeatable, defineSingle, type DefineCommand } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { addHelpDetails, type HelpDetails } from "../../shared/help.js";
import { addOutputOptions } from "../../shared/output-options.js";

const FORMATS = ["text", "markdown", "json", "sarif", "summary-line"] as const satisfies Format[];
const help: HelpDetails = {
  examples: [
    "export PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true",
    "pulumi preview --json > preview.json",
    "datadog-org-connections review preview.json",
    "tofu show -json plan.tfplan | datadog-org-connections review",
    "datadog-org-connections review dev.json prod.json plan.json --state state.json",
    "pulumi stack export > state.json",
    "datadog-org-connections review preview.json --state state.json --policy policy.json -o review.md",
    "datadog-org-connections review preview.json --stack dev --lookup --format json",
    "datadog-org-connections review preview.json --summary-line",
    "datadog-org-connections review preview.json --policy policy.json --format sarif -o review.sarif",
  ],
  exitCodes: [
    [EXIT.ok, "no connections change"],
    [EXIT.changes, "connections change, but no data stops being shared"],
    [EXIT.destructive, "data stops or may stop being shared, or a connection is replaced"],
    [EXIT.violation, "a policy rule is violated; rules in warnOnly do not count"],
    [EXIT.incomplete, "the preview does not show everything that matters; 4 and 5 take precedence"],
    [EXIT.failed, "the preview failed, or the report could not be created"],
  ],
};

/** Defines the command `datadog-org-connections review`: a report for reviewers about what a preview would change. */
export const defineReview: DefineCommand = (program, context, wrapAction) => {
  const command = program
    .command("review")
    .summary("report what a preview changes: who shares what with whom, before and after")
    .description(
      "Reads the output of `pulumi preview --json`, `terraform show -json PLAN` or `tofu show -json PLAN`, and writes a report: text " +
        "in a terminal, otherwise Markdown. The report names the organizations that stop sharing data, shows what is newly shared and what " +
        "breaks; in Markdown, it has a diagram. Several inputs are reviewed together. Without --lookup, the command sends no requests to Datadog.",
    )
    .argument("[preview...]", "files, each with one preview or plan; - is standard input (default: -)")
    .addOption(
      defineRepeatable(
        "--state <file>",
        "state, for names and the unchanged connections: output of `pulumi stack export`, `terraform show -json` or " +
          "`tofu show -json`, or a Terraform state file; repeatable",
      ),
    )
    .addOption(
      defineSingle(
        "--stack <name>",
        "run the `pulumi` on PATH to read the state of this stack and, with --lookup, its configuration",
      ),
    )
    .option("--cwd <folder>", "folder of the project, for --stack and --format sarif", ".")
    .addOption(defineSingle("--policy <file>", "rules that the changes must follow (policy.schema.json)"))
    .option(
      "--lookup",
      "read names and live connections from Datadog, with credentials of the stack or the environment",
    )
    .addOption(
      new Option(
        "--preview-exit-code <number>",
        "exit code of the command that created the preview: other than 0, the preview failed",
      ).argParser(parseExitCode),
    )
    .addOption(
      new Option(
        "--summary-line",
        "same as --format summary-line: one line, for the title of a check",
      ).conflicts("format"),
    );
  addOutputOptions(command, FORMATS, "text in a terminal, otherwise markdown");
  addHelpDetails(command, help).action(
    wrapAction(async (previews: string[], options: ReviewOptions) =>
      (await import("./run-review.js")).runReview(previews, options, context),
    ),
  );
};

function parseExitCode(value: string): number {
  if (!/^\d{1,10}$/.test(value)) throw new InvalidArgumentError("Pass the exit code as a number.");
  return Number(value);
}
