import { resolve } from "node:path";
import { parsePreview, parseState, readState } from "../../stack/formats.js";
import { listProviderFacts, listStateLocations } from "../../stack/pulumi-state.js";
import { UsageError, type CommandContext } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { Progress } from "../../shared/progress.js";
import { parseJsonInput, readInput } from "../../shared/read-input.js";
import { prepareOutput } from "../../shared/write-atomic.js";
import { createReview, type Outcome, type Review, type ReviewInputs } from "./review.js";
import type { Policy } from "../../policy/policy.js";
import type { OutputOptions } from "../../shared/output-options.js";
import type { SelectedStack } from "../../stack/pulumi.js";
import type { Preview } from "../../stack/step.js";

export type Format = "text" | "markdown" | "json" | "sarif" | "summary-line";

/** The options of `review`. */
export interface ReviewOptions extends Omit<OutputOptions<Format>, "format"> {
  format?: Format;
  state: string[];
  policy?: string;
  stack?: string;
  cwd: string;
  lookup?: true;
  summaryLine?: true;
  previewExitCode?: number;
}

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

/** Reviews the previews in files, writes the report, and returns the exit code. */
export async function runReview(
  files: readonly string[],
  options: ReviewOptions,
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

function selectFormat({ format, summaryLine, output }: ReviewOptions, { stdout }: CommandContext): Format {
  if (summaryLine) return "summary-line";
  return format ?? (stdout.columns === undefined || output !== undefined ? "markdown" : "text");
}

async function readPreviews(files: readonly string[], context: CommandContext): Promise<Preview[]> {
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
  const inputs: { value: unknown; name: string }[] = [];
  for (const file of files) inputs.push(await readState(file, context));
  return parseStates(inputs);
}

type States = Required<Pick<ReviewInputs, "state" | "stateLocations" | "stateProviders">>;

function parseStates(inputs: readonly { value: unknown; name: string }[]): States {
  return {
    state: inputs.flatMap(({ value, name }) => parseState(value, name)),
    stateLocations: new Set(inputs.flatMap(({ value }) => listStateLocations(value))),
    stateProviders: inputs.flatMap(({ value }) => listProviderFacts(value)),
  };
}

async function render(
  review: Review,
  format: Format,
  options: ReviewOptions,
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
  { cwd: projectFolder }: ReviewOptions,
  { cwd }: CommandContext,
): Promise<string | undefined> {
  const { findProjectName } = await import("../../stack/pulumi.js");
  return findProjectName(resolve(cwd, projectFolder));
}

async function readPolicy(file: string, context: CommandContext): Promise<Policy> {
  const { parsePolicy } = await import("../../policy/policy.js");
  const input = await readInput(file, POLICY_DESCRIPTION, context);
  return parsePolicy(parseJsonInput(input, POLICY_DESCRIPTION), input.name);
}
