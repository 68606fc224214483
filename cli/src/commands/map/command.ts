import { Option } from "commander";
import type { Topology } from "../../topology/topology.js";
import {
  defineRepeatable,
  UsageError,
  type CommandContext,
  type DefineCommand,
} from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { Progress } from "../../shared/progress.js";
import type { ReadTopology, StatesPlace } from "./state-topology.js";

const FORMATS = ["html", "svg", "mermaid", "json"] as const;

/** What `map` was called with. */
interface MapOptions extends StatesPlace {
  live?: true;
  source: string[];
  format: (typeof FORMATS)[number];
  output?: string;
  force?: true;
  title?: string;
}

const help = `
Examples:
  datadog-org-connections map --stack prod -o map.html
  pulumi stack export | datadog-org-connections map --state - --format mermaid
  datadog-org-connections map --live --stack prod -o map.html
  datadog-org-connections map --live --source payments --format svg -o payments.svg

The page (html) is one file that asks for nothing from anywhere. With --live and a stack, connections that the stack
does not manage are marked. Whose keys: those of the environment, and with --stack those of its configuration.

Exit codes: ${EXIT.ok} drawn; ${EXIT.failed} failed; ${EXIT.usage} called wrongly; ${EXIT.incomplete} drawn, but an organization could not be looked at, or a
resource of a stack not be read.`;

/** `datadog-org-connections map`: who shares what with whom, as a picture. */
export const defineMap: DefineCommand = (program, context, action) => {
  program
    .command("map")
    .summary("draw who shares what with whom: a page, SVG, Mermaid or JSON")
    .description("Draws the connections of stacks, or of live organizations, or both.")
    .addOption(defineRepeatable("--stack <name>", "draw what this stack manages; may be repeated"))
    .option("--cwd <folder>", "the folder of the stack's project", ".")
    .addOption(
      defineRepeatable(
        "--state <file>",
        "what `pulumi stack export` printed; - is standard input; may be repeated",
      ),
    )
    .option("--live", "draw what is live in the configured organizations")
    .addOption(
      defineRepeatable(
        "--source <name>",
        "with --live: only what these organizations take part in; may be repeated",
      ),
    )
    .addOption(
      new Option("-f, --format <format>", "what to write").choices(FORMATS).default("html" satisfies string),
    )
    .option("-o, --output <file>", "write it to a file (default: standard output)")
    .option("--force", "write over a file that exists")
    .option("--title <text>", "what stands above it")
    .addHelpText("after", help)
    .action(action((options: MapOptions) => runMap(options, context)));
};

async function runMap(options: MapOptions, context: CommandContext): Promise<number> {
  if (options.state.length + options.stack.length === 0 && options.live !== true) {
    throw new UsageError("Say what to draw: --state FILE, --stack NAME, or --live. (--help tells more)");
  }
  if (options.source.length > 0 && options.live !== true) {
    throw new UsageError("--source goes with --live. (--help tells more)");
  }
  const { prepareOutput } = await import("../../shared/write-atomic.js");
  const write = prepareOutput(options, context);
  const { topology, title, remarks, complete } = await readTopology(options, context);
  write(await render(topology, options.format, options.title ?? title));
  if (options.output !== undefined) {
    const { formatSummary } = await import("../../topology/words.js");
    context.stdout.write(`${options.output}: ${formatSummary(topology)}\n`);
  }
  const { formatSentence } = await import("datadog-org-connections-core/api/invisible.js");
  for (const remark of remarks) context.stderr.write(`${formatSentence(remark)}\n`);
  return complete ? EXIT.ok : EXIT.incomplete;
}

async function readTopology(options: MapOptions, context: CommandContext): Promise<ReadTopology> {
  const progress = new Progress(context);
  try {
    return options.live === true
      ? await (await import("./live-topology.js")).readLiveTopology(options, context, progress)
      : await (await import("./state-topology.js")).readStateTopology(options, context, progress);
  } finally {
    progress.end();
  }
}

async function render(topology: Topology, format: MapOptions["format"], title: string): Promise<string> {
  switch (format) {
    case "html":
      return (await import("./html.js")).htmlOf(topology, { title, at: new Date() });
    case "svg":
      return (await import("./svg.js")).svgOf(topology, { title });
    case "json":
      return `${(await import("../../shared/text.js")).formatJson(topology, 2)}\n`;
    case "mermaid": {
      const { mermaidOf } = await import("../../topology/mermaid.js");
      const { text, omitted } = mermaidOf(topology);
      return omitted === 0
        ? `${text}\n`
        : `${text}\n%% ${omitted} connections more: too many for a diagram of Mermaid.\n`;
    }
  }
}
