import { resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import type { Policy } from "../../policy/policy.js";
import type { Outcome, Review, ReviewInputs } from "./review.js";
import type { SelectedStack } from "../../stack/pulumi.js";
import type { Preview } from "../../stack/step.js";
import {
  defineRepeatable,
  defineSingle,
  UsageError,
  type CommandContext,
  type DefineCommand,
} from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { addHelpDetails, type HelpDetails } from "../../shared/help.js";
import { addOutputOptions, type OutputOptions } from "../../shared/output-options.js";
import { Progress } from "../../shared/progress.js";

const FORMATS = ["text", "markdown", "json", "sarif", "summary-line"] as const;
type Format = (typeof FORMATS)[number];

interface Options extends Omit<OutputOptions<Format>, "format"> {
  format?: Format;
  state: string[];
  policy?: string;
  stack?: string;
  cwd: string;
  lookup?: true;
  summaryLine?: true;
  previewExitCode?: number;
}

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
    wrapAction((previews: string[], options: Options) => runReview(previews, options, context)),
  );
};

/** Descriptions of the expected inputs, for error messages. */
const PREVIEW_DESCRIPTION =
  "the complete output of `pulumi preview --json`, `terraform show -json PLAN` or `tofu show -json PLAN`";
const POLICY_DESCRIPTION = "a policy as described by policy.schema.json";

const exitCodeByOutcome: Record<Outcome, number> = {
  none: EXIT.ok,
  changes: EXIT.changes,
  destructive: EXIT.destructive,
  incomplete: EXIT.incomplete,
  violation: EXIT.violation,
  failed: EXIT.failed,
};

async function runReview(
  files: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<number> {
  const { state: stateFiles, stack, policy: policyFile } = options;
  if (stateFiles.length > 0 && stack !== undefined) {
    throw new UsageError("--state and --stack both provide the state. Use only one of them.");
  }
  const format = selectFormat(options, context);
  if (format === "sarif" && policyFile === undefined) {
    throw new UsageError(
      "--format sarif prints the violations of a policy. Pass a policy file with --policy.",
    );
  }
  const { prepareOutput } = await import("../../shared/write-atomic.js");
  const write = prepareOutput(options, context);
  const progress = new Progress(context);
  try {
    const selected =
      stack === undefined ? undefined : { stack, cwd: resolve(context.cwd, options.cwd), env: context.env };
    const policy = policyFile === undefined ? undefined : await readPolicy(policyFile, context);
    const previews = await readPreviews(files, context);
    if (options.previewExitCode !== undefined) addFailure(previews, options.previewExitCode);
    if (selected) progress.show("reading the state of the stack");
    const states = selected ? await readStackState(selected) : await readStates(stateFiles, context);
    const lookup =
      options.lookup === true
        ? await (
            await import("./lookup.js")
          ).runLookup({
            previews,
            state: states?.state,
            stateProviders: states?.stateProviders,
            selected,
            env: context.env,
            progress,
          })
        : undefined;
    const { createReview } = await import("./review.js");
    // Only SARIF shows where the program creates a resource. The paths are relative to the folder of the project, and only the
    // folder in `--cwd` is known. So with several projects, only resources of the project in `--cwd` have a position.
    const project = format === "sarif" ? await readProjectName(options, context) : undefined;
    const review = createReview({ previews, ...states, ...(policy && { policy }), ...lookup, project });
    const report = await render(review, format, options, context);
    progress.clear();
    write(report);
    return exitCodeByOutcome[review.outcome];
  } finally {
    progress.clear();
  }
}

function selectFormat({ format, summaryLine, output }: Options, { stdout }: CommandContext): Format {
  if (summaryLine) return "summary-line";
  return format ?? (stdout.columns === undefined || output !== undefined ? "markdown" : "text");
}

async function readPreviews(files: readonly string[], context: CommandContext): Promise<Preview[]> {
  const { readInput } = await import("../../shared/read-input.js");
  const { parsePreview } = await import("../../stack/formats.js");
  const previews: Preview[] = [];
  for (const file of files.length === 0 ? ["-"] : files) {
    const { text, name } = await readInput(file, PREVIEW_DESCRIPTION, context);
    const preview = parsePreview(text, name);
    if (previews.some(({ location }) => location === preview.location)) {
      throw new UsageError(
        `${name} is the second of two inputs for ${preview.location}. Pass one preview for each stack, and each plan only once.`,
      );
    }
    previews.push(preview);
  }
  return previews;
}

function parseExitCode(value: string): number {
  if (!/^\d{1,10}$/.test(value)) throw new InvalidArgumentError("Pass the exit code as a number.");
  return Number(value);
}

/** Adds an error if the command that created the previews failed, unless a preview already has one. */
function addFailure([first, ...others]: readonly Preview[], exitCode: number): void {
  const errors = [first, ...others].flatMap((one) => one?.diagnostics ?? []);
  if (exitCode === 0 || errors.some(({ severity }) => severity === "error")) return;
  first?.diagnostics.push({
    severity: "error",
    message: `The command that created the preview failed with exit code ${exitCode}. Correct what its output names, and create the preview again.`,
  });
}

async function readStackState(selected: SelectedStack): Promise<States> {
  const { exportStack } = await import("../../stack/pulumi.js");
  return parseStates([{ value: await exportStack(selected), name: `the state of ${selected.stack}` }]);
}

/** Reads the states in files. Returns undefined if no file is given. */
async function readStates(files: readonly string[], context: CommandContext): Promise<States | undefined> {
  if (files.length === 0) return undefined;
  const { readState } = await import("../../stack/formats.js");
  const inputs: { value: unknown; name: string }[] = [];
  for (const file of files) inputs.push(await readState(file, context));
  return parseStates(inputs);
}

type States = Required<Pick<ReviewInputs, "state" | "stateLocations" | "stateProviders">>;

async function parseStates(inputs: readonly { value: unknown; name: string }[]): Promise<States> {
  const { listProviderFacts, listStateLocations } = await import("../../stack/pulumi-state.js");
  const { parseState } = await import("../../stack/formats.js");
  return {
    state: inputs.flatMap(({ value, name }) => parseState(value, name)),
    stateLocations: new Set(inputs.flatMap(({ value }) => listStateLocations(value))),
    stateProviders: inputs.flatMap(({ value }) => listProviderFacts(value)),
  };
}

async function render(
  review: Review,
  format: Format,
  options: Options,
  context: CommandContext,
): Promise<string> {
  switch (format) {
    case "text": {
      const { selectLayout } = await import("../../shared/terminal.js");
      return (await import("./text.js")).renderText(review, selectLayout(options, context));
    }
    case "markdown":
      return (await import("./markdown.js")).renderMarkdown(review);
    case "json":
      return (await import("./json.js")).renderJson(review);
    case "sarif": {
      const { cwd: projectFolder, policy } = options;
      const { renderSarif, toRelativePath } = await import("./sarif.js");
      return renderSarif(review, {
        projectFolder: toRelativePath(context.cwd, projectFolder),
        policyFile: policy === undefined || policy === "-" ? undefined : toRelativePath(context.cwd, policy),
      });
    }
    case "summary-line":
      return (await import("./summary-line.js")).renderSummaryLine(review);
  }
}

async function readProjectName(
  { cwd: projectFolder }: Options,
  { cwd }: CommandContext,
): Promise<string | undefined> {
  const { findProjectName } = await import("../../stack/pulumi.js");
  return findProjectName(resolve(cwd, projectFolder));
}

async function readPolicy(file: string, context: CommandContext): Promise<Policy> {
  const { parsePolicy } = await import("../../policy/policy.js");
  const { parseJsonInput, readInput } = await import("../../shared/read-input.js");
  const input = await readInput(file, POLICY_DESCRIPTION, context);
  return parsePolicy(parseJsonInput(input, POLICY_DESCRIPTION), input.name);
}
