import { resolve } from "node:path";
import { Option } from "commander";
import type { StateResource } from "../../stack/resource-state.js";
import type { Policy } from "../../policy/policy.js";
import type { Outcome, Review } from "./review.js";
import { UsageError, type CommandContext, type DefineCommand } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { addHelpDetails, type HelpDetails } from "../../shared/help.js";
import { addOutputOptions, type OutputOptions } from "../../shared/output-options.js";
import { Progress } from "../../shared/progress.js";

const FORMATS = ["markdown", "json", "sarif", "summary-line"] as const;
type Format = (typeof FORMATS)[number];

interface Options extends OutputOptions<Format> {
  state?: string;
  policy?: string;
  stack?: string;
  cwd: string;
  lookup?: true;
  summaryLine?: true;
}

const help: HelpDetails = {
  examples: [
    "pulumi preview --json | datadog-org-connections review",
    "pulumi preview --json --refresh --show-replacement-steps > preview.json",
    "pulumi stack export > state.json",
    "datadog-org-connections review preview.json --state state.json --policy policy.json -o review.md",
    "pulumi preview --json | datadog-org-connections review --stack dev --lookup --format json",
    "datadog-org-connections review preview.json --summary-line",
    "datadog-org-connections review preview.json --policy policy.json --format sarif -o review.sarif",
  ],
  exitCodes: [
    [EXIT.ok, "no connections change"],
    [EXIT.changes, "connections change, but no data stops being shared"],
    [EXIT.destructive, "data stops or may stop being shared, or a connection is replaced"],
    [EXIT.violation, "a policy rule is violated"],
    [EXIT.failed, "the preview failed, or the report could not be created"],
  ],
};

/** `datadog-org-connections review`: a report for reviewers about what a preview would change. */
export const defineReview: DefineCommand = (program, context, action) => {
  const command = program
    .command("review")
    .summary("report what a preview changes: who shares what with whom, before and after")
    .description(
      "Reads the output of `pulumi preview --json` and writes a report in Markdown. It shows by name which organizations stop " +
        "sharing data, what is newly shared and what breaks, and has a diagram. Without --lookup it sends no requests.",
    )
    .argument("[preview]", "file with the preview; - or omitted: standard input")
    .option("--state <file>", "output of `pulumi stack export`: provides names and the unchanged connections")
    .option("--stack <name>", "read the state and configuration of this stack with the `pulumi` on PATH")
    .option("--cwd <folder>", "folder of the stack's project", ".")
    .option("--policy <file>", "rules that the changes must follow (policy.schema.json)")
    .option(
      "--lookup",
      "read names and live connections from Datadog, with credentials of the stack or the environment",
    )
    .addOption(
      new Option(
        "--summary-line",
        "short form of --format summary-line: one line, for the title of a check",
      ).conflicts("format"),
    );
  addOutputOptions(command, FORMATS);
  addHelpDetails(command, help).action(
    action((preview: string | undefined, options: Options) => runReview(preview, options, context)),
  );
};

/** Descriptions of the expected inputs, for error messages. */
const PREVIEW_DESCRIPTION = "the complete output of `pulumi preview --json`";
const POLICY_DESCRIPTION = "a policy as described by policy.schema.json";

const exitCodes: Record<Outcome, number> = {
  none: EXIT.ok,
  changes: EXIT.changes,
  destructive: EXIT.destructive,
  violation: EXIT.violation,
  failed: EXIT.failed,
};

async function runReview(
  file: string | undefined,
  options: Options,
  context: CommandContext,
): Promise<number> {
  const { state: stateFile, stack, policy: policyFile } = options;
  if (stateFile !== undefined && stack !== undefined) {
    throw new UsageError("--state and --stack both provide the state. Use only one of them.");
  }
  const format = options.summaryLine ? "summary-line" : options.format;
  if (format === "sarif" && policyFile === undefined) {
    throw new UsageError("--format sarif prints the violations of a policy. Pass its file with --policy.");
  }
  const { prepareOutput } = await import("../../shared/write-atomic.js");
  const write = prepareOutput(options, context);
  const { readInput } = await import("../../shared/read-input.js");
  const { parsePreview } = await import("../../stack/preview.js");
  const { parseState } = await import("../../stack/state.js");
  const { createReview } = await import("./review.js");
  const progress = new Progress(context);
  try {
    const location =
      stack === undefined ? undefined : { stack, cwd: resolve(context.cwd, options.cwd), env: context.env };
    const policy = policyFile === undefined ? undefined : await readPolicy(policyFile, context);
    const input = await readInput(file ?? "-", PREVIEW_DESCRIPTION, context);
    const preview = parsePreview(input.text, input.name);
    let state: StateResource[] | undefined;
    if (stateFile !== undefined) {
      const { readState } = await import("../../stack/read-state.js");
      const { value, name } = await readState(stateFile, context);
      state = parseState(value, name);
    } else if (location) {
      progress.show("reading the state of the stack");
      state = parseState(
        await (await import("../../stack/pulumi.js")).exportStack(location),
        `the state of ${location.stack}`,
      );
    }
    const lookup =
      options.lookup === true
        ? await (
            await import("./lookup.js")
          ).runLookup({ preview, state, location, env: context.env, progress })
        : undefined;
    const review = createReview({ preview, ...(state && { state }), ...(policy && { policy }), ...lookup });
    write(await render(review, format, options, context));
    return exitCodes[review.outcome];
  } finally {
    progress.clear();
  }
}

async function render(
  review: Review,
  format: Format,
  { cwd: projectFolder, policy }: Options,
  { cwd }: CommandContext,
): Promise<string> {
  switch (format) {
    case "markdown":
      return (await import("./markdown.js")).renderMarkdown(review);
    case "json":
      return (await import("./json.js")).renderJson(review);
    case "sarif": {
      const { renderSarif, toRelativePath } = await import("./sarif.js");
      return renderSarif(review, {
        projectFolder: toRelativePath(cwd, projectFolder),
        policyFile: policy === undefined || policy === "-" ? undefined : toRelativePath(cwd, policy),
      });
    }
    case "summary-line":
      return (await import("./summary-line.js")).renderSummaryLine(review);
  }
}

async function readPolicy(file: string, context: CommandContext): Promise<Policy> {
  const { parsePolicy } = await import("../../policy/policy.js");
  const { parseJsonInput, readInput } = await import("../../shared/read-input.js");
  const input = await readInput(file, POLICY_DESCRIPTION, context);
  return parsePolicy(parseJsonInput(input, POLICY_DESCRIPTION), input.name);
}
