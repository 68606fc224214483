import type { Topology } from "../../topology/topology.js";
import {
  defineRepeatable,
  UsageError,
  type CommandContext,
  type DefineCommand,
} from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { addHelpDetails, type HelpDetails } from "../../shared/help.js";
import { addOutputOptions, type OutputOptions } from "../../shared/output-options.js";
import { Progress } from "../../shared/progress.js";
import type { MapContent, StateOptions } from "./state-topology.js";

const FORMATS = ["html", "svg", "mermaid", "json"] as const;

/** The options of `map`. */
interface MapOptions extends StateOptions, OutputOptions<(typeof FORMATS)[number]> {
  live?: true;
  source: string[];
  title?: string;
}

const help: HelpDetails = {
  paragraphs: [
    "The page (html) is a single file that sends no requests.",
    "With --live, the map contains only live connections. If you also pass --stack or --state, those that no given state contains are " +
      "marked as unmanaged, except in Mermaid. Credentials come from the environment and, with --stack, from the stack's configuration.",
  ],
  examples: [
    "datadog-org-connections map --stack prod -o map.html",
    "pulumi stack export | datadog-org-connections map --state - --format mermaid",
    "datadog-org-connections map --live --stack prod -o map.html",
    "datadog-org-connections map --live --source payments --format svg -o payments.svg",
  ],
  exitCodes: [
    [EXIT.ok, "drawn"],
    [
      EXIT.incomplete,
      "drawn, but an organization was not checked, a resource of a state was not read, or it is unknown whether a connection of a state is live",
    ],
  ],
};

/** Defines `datadog-org-connections map`, which draws who shares what with whom. */
export const defineMap: DefineCommand = (program, context, wrapAction) => {
  const command = program
    .command("map")
    .summary("draw who shares what with whom, as a page, SVG, Mermaid or JSON")
    .description(
      "Draws the connections that the given states contain. With --live, draws the live connections and, if states are given, marks those " +
        "that no given state contains.",
    )
    .addOption(
      defineRepeatable(
        "--stack <name>",
        "draw the connections that this stack manages or, with --live, compare them with the live ones; repeatable",
      ),
    )
    .option("--cwd <folder>", "folder of the stack's project", ".")
    .addOption(
      defineRepeatable(
        "--state <file>",
        "state: output of `pulumi stack export`, or of `tofu show -json` or `terraform show -json`, or a Terraform state " +
          "file; - is standard input; repeatable",
      ),
    )
    .option("--live", "draw the live connections of the configured organizations")
    .addOption(
      defineRepeatable(
        "--source <name>",
        "with --live: draw only connections from or to this organization; repeatable",
      ),
    )
    .option("--title <text>", "title of the picture");
  addOutputOptions(command, FORMATS);
  addHelpDetails(command, help).action(wrapAction((options: MapOptions) => runMap(options, context)));
};

async function runMap(options: MapOptions, context: CommandContext): Promise<number> {
  if (options.state.length + options.stack.length === 0 && options.live !== true) {
    throw new UsageError("Specify what to draw: --state FILE, --stack NAME, or --live. See --help.");
  }
  if (options.source.length > 0 && options.live !== true) {
    throw new UsageError("--source requires --live. See --help.");
  }
  const { prepareOutput } = await import("../../shared/write-atomic.js");
  const write = prepareOutput(options, context);
  const { topology, title, warnings, complete } = await readTopology(options, context);
  write(await renderMap(topology, options.format, options.title ?? title));
  if (options.output !== undefined) {
    const { formatSummary } = await import("../../topology/labels.js");
    context.stdout.write(`${options.output}: ${formatSummary(topology)}\n`);
  }
  const { formatSentence } = await import("datadog-org-connections-core/text/escape-text.js");
  for (const warning of warnings) context.stderr.write(`${formatSentence(warning)}\n`);
  return complete ? EXIT.ok : EXIT.incomplete;
}

async function readTopology(options: MapOptions, context: CommandContext): Promise<MapContent> {
  const progress = new Progress(context);
  try {
    return options.live === true
      ? await (await import("./live-topology.js")).readLiveTopology(options, context, progress)
      : await (await import("./state-topology.js")).readStateTopology(options, context, progress);
  } finally {
    progress.clear();
  }
}

async function renderMap(topology: Topology, format: MapOptions["format"], title: string): Promise<string> {
  switch (format) {
    case "html":
      return (await import("./html.js")).renderHtml(topology, { title, at: new Date() });
    case "svg":
      return (await import("./svg.js")).renderSvg(topology, { title });
    case "json":
      return `${(await import("../../shared/text.js")).formatJson(topology, 2)}\n`;
    case "mermaid": {
      const { formatMermaid } = await import("../../topology/mermaid.js");
      const { formatCount } = await import("../../shared/text.js");
      const { text, omitted } = formatMermaid(topology);
      return omitted === 0
        ? `${text}\n`
        : `${text}\n%% ${formatCount(omitted, "more connection is", "more connections are")} not drawn. To draw all, use --format html or svg.\n`;
    }
  }
}
