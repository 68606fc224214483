import { formatSentence } from "datadog-org-connections-core/text/escape-text.js";
import type { CommandContext } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import type { OutputOptions } from "../../shared/output-options.js";
import { formatCount, formatJson } from "../../shared/text.js";
import { prepareOutput } from "../../shared/write-atomic.js";
import { formatSummary } from "../../topology/labels.js";
import { formatMermaid } from "../../topology/mermaid.js";
import type { Topology } from "../../topology/topology.js";
import { readMap, requireMapScope, type MapScope } from "./read-map.js";

/** The options of `map`. */
export interface MapOptions extends MapScope, OutputOptions<"html" | "svg" | "mermaid" | "json"> {
  title?: string;
}

/** Reads and draws a map, writes it, and returns the exit code. */
export async function drawMap(options: MapOptions, context: CommandContext): Promise<number> {
  requireMapScope(options);
  const write = prepareOutput(options, context);
  const { topology, title, warnings, complete } = await readMap(options, context);
  write(await renderMap(topology, options.format, options.title ?? title));
  if (options.output !== undefined) {
    context.stdout.write(`${options.output}: ${formatSummary(topology)}\n`);
  }
  for (const warning of warnings) context.stderr.write(`${formatSentence(warning)}\n`);
  return complete ? EXIT.ok : EXIT.incomplete;
}

/** Renders the map. The code that draws is loaded only for a format that needs it. */
async function renderMap(topology: Topology, format: MapOptions["format"], title: string): Promise<string> {
  switch (format) {
    case "html":
      return (await import("./html.js")).renderHtml(topology, { title, at: new Date() });
    case "svg":
      return (await import("./svg.js")).renderSvg(topology, { title });
    case "json":
      return `${formatJson(topology, 2)}\n`;
    case "mermaid": {
      const { text, omitted } = formatMermaid(topology);
      return omitted === 0
        ? `${text}\n`
        : `${text}\n%% ${formatCount(omitted, "more connection is", "more connections are")} not drawn. To draw all, use --format html or svg.\n`;
    }
  }
}
