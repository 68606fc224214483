import { defineRepeatable, type DefineCommand } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { addHelpDetails } from "../../shared/help.js";
import { addOutputOptions } from "../../shared/output-options.js";
import type { MapOptions } from "./draw-map.js";

/** Defines `datadog-org-connections map`, which draws who shares what with whom. */
export const defineMap: DefineCommand = (program, context, wrapAction) => {
  const command = program
    .command("map")
    .summary("draw who shares what with whom, as a page, SVG, Mermaid or JSON")
    .description(
      "Draws the connections that the given states contain. With --live, draws the live connections and, if states are given, marks those " +
        "that no given state contains.",
    );
  const addRepeatable = (flags: string, text: string) => command.addOption(defineRepeatable(flags, text));
  addRepeatable(
    "--stack <name>",
    "draw the connections that this stack manages or, with --live, compare them with the live ones; repeatable",
  );
  command.option("--cwd <folder>", "folder of the stack's project", ".");
  addRepeatable(
    "--state <file>",
    "state: output of `pulumi stack export`, or of `tofu show -json` or `terraform show -json`, or a Terraform state file; - is standard input; repeatable",
  );
  command.option("--live", "draw the live connections of the configured organizations");
  addRepeatable(
    "--source <name>",
    "with --live: draw only connections from or to this organization; repeatable",
  );
  addOutputOptions(command.option("--title <text>", "title of the picture"), [
    "html",
    "svg",
    "mermaid",
    "json",
  ]);
  addHelpDetails(command, {
    paragraphs: [
      "The page (html) is a single file that sends no requests.",
      "With --live, the map contains only live connections. If you also pass --stack or --state, those that no given state contains are " +
        "marked as unmanaged, and those whose types differ from the state as drifted, except in Mermaid. Credentials come from the environment and, with --stack, from the stack's configuration.",
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
  }).action(
    wrapAction(async (options: MapOptions) => (await import("./draw-map.js")).drawMap(options, context)),
  );
};
