import { resolve } from "node:path";
import type { StateResource } from "../../stack/state.js";
import type { Policy } from "../../policy/policy.js";
import type { Outcome } from "./review.js";
import { UsageError, type CommandContext, type DefineCommand } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { Progress } from "../../shared/progress.js";

interface Options {
  state?: string;
  policy?: string;
  stack?: string;
  cwd: string;
  lookup?: true;
  json?: true;
}

const help = `
Exit codes: ${EXIT.ok} no connection changes; ${EXIT.changes} there are changes, and no sharing stops; ${EXIT.destructive} sharing stops or may stop, or a
connection is made anew; ${EXIT.violation} a rule of the policy is violated; ${EXIT.failed} the preview failed, or no report could be
made; ${EXIT.usage} called wrongly.

Examples:
  pulumi preview --json | datadog-org-connections review
  pulumi preview --json --refresh --show-replacement-steps > preview.json
  pulumi stack export > state.json
  datadog-org-connections review preview.json --state state.json --policy policy.json > review.md
  pulumi preview --json | datadog-org-connections review --stack dev --lookup --json`;

/** `datadog-org-connections review`: what a preview would change, for people. */
export const defineReview: DefineCommand = (program, context, action) => {
  program
    .command("review")
    .summary("tell what a preview changes: who shares what with whom, before and after")
    .description(
      "Reads what `pulumi preview --json` prints, and writes a report in Markdown: what stops being shared, what is newly " +
        "shared, what breaks, by the organizations' names, and a diagram. It makes no request without --lookup.",
    )
    .argument("[preview]", "file with the preview; - or nothing: standard input")
    .option("--state <file>", "what `pulumi stack export` prints: for names, and for what stays as it is")
    .option(
      "--stack <name>",
      "ask the `pulumi` on PATH for the state and the configuration of this stack instead",
    )
    .option("--cwd <folder>", "where the project of --stack is", ".")
    .option("--policy <file>", "rules that the changes must keep (policy.schema.json)")
    .option(
      "--lookup",
      "ask Datadog for names and for what is live, with the keys of the stack or the environment",
    )
    .option("--json", "JSON in place of Markdown")
    .addHelpText("after", help)
    .action(action((preview: string | undefined, options: Options) => runReview(preview, options, context)));
};

/** What the command reads, for messages. */
const PREVIEW = "the complete output of `pulumi preview --json`";
const POLICY = "a policy in the form of policy.schema.json";

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
    throw new UsageError("--state and --stack both give the state: leave one of them out.");
  }
  const { readInput } = await import("../../shared/read-input.js");
  const { parsePreview } = await import("../../stack/preview.js");
  const { parseState } = await import("../../stack/state.js");
  const { reviewOf } = await import("./review.js");
  const progress = new Progress(context);
  try {
    const place =
      stack === undefined ? undefined : { stack, cwd: resolve(context.cwd, options.cwd), env: context.env };
    const policy = policyFile === undefined ? undefined : await readPolicy(policyFile, context);
    const read = await readInput(file ?? "-", PREVIEW, context);
    const preview = parsePreview(read.text, read.name);
    let state: StateResource[] | undefined;
    if (stateFile !== undefined) {
      const { readState } = await import("../../stack/read-state.js");
      const { value, name } = await readState(stateFile, context);
      state = parseState(value, name);
    } else if (place) {
      progress.at("reading the state of the stack");
      state = parseState(
        await (await import("../../stack/pulumi.js")).exportStack(place),
        `the state of ${place.stack}`,
      );
    }
    const found =
      options.lookup === true
        ? await (await import("./lookup.js")).lookUp({ preview, state, place, env: context.env, progress })
        : undefined;
    const review = reviewOf({ preview, ...(state && { state }), ...(policy && { policy }), ...found });
    const text = options.json
      ? (await import("./json.js")).renderJson(review)
      : (await import("./markdown.js")).renderMarkdown(review);
    context.stdout.write(text);
    return exitCodes[review.outcome];
  } finally {
    progress.end();
  }
}

async function readPolicy(file: string, context: CommandContext): Promise<Policy> {
  const { parsePolicy } = await import("../../policy/policy.js");
  const { parseJsonInput, readInput } = await import("../../shared/read-input.js");
  const input = await readInput(file, POLICY, context);
  return parsePolicy(parseJsonInput(input, POLICY), input.name);
}
