import { Option } from "commander";
import type { Form, Format } from "./draft.js";
import type { Language } from "./next-steps.js";
import type { DiscoverOptions } from "./run-discover.js";
import { defineRepeatable, type DefineCommand } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { addHelpDetails, type HelpDetails } from "../../shared/help.js";
import { addOutputOptions } from "../../shared/output-options.js";

const FORMATS = ["program", "import"] as const satisfies Format[];
const LANGUAGES = ["typescript", "yaml", "python", "go"] as const satisfies Language[];

const help: HelpDetails = {
  paragraphs: [
    "Credentials come from the environment and, with --stack, from the stack's configuration. In the environment, DD_API_KEY__SHOP and " +
      "DD_APP_KEY__SHOP are the keys of an organization called shop, and DD_API_KEY and DD_APP_KEY those of the default organization. " +
      "Instead of keys, you can set DD_BEARER_TOKEN, or DD_CLOUD_PROVIDER_TYPE and DD_ORG_UUID for a workload identity. With --stack, " +
      "connections that this stack already manages are omitted. The program declares the connections from all configured " +
      "organizations or, with --source, only those from the organizations named there. To include other connections, configure the " +
      "credentials of their source. The command changes nothing in Datadog.",
  ],
  examples: [
    "datadog-org-connections discover -o index.ts",
    "datadog-org-connections discover --source payments --source search -o index.ts",
    "datadog-org-connections discover --stack prod --cwd infra --form set -o infra/discovered.ts",
    "datadog-org-connections discover --from terraform.tfstate -o index.ts",
    "datadog-org-connections discover --from terraform.tfstate --format import -o import.json",
    "datadog-org-connections discover --language yaml -o Main.yaml",
  ],
  exitCodes: [
    [EXIT.ok, "written, or nothing to write"],
    [
      EXIT.incomplete,
      "an organization was not checked, a resource of a state was not read, or a connection of --from was not verified; the connections that were found, if any, are written",
    ],
  ],
};

/** Defines the command `datadog-org-connections discover`: writes a program for the live connections. */
export const defineDiscover: DefineCommand = (program, context, wrapAction) => {
  const command = program
    .command("discover")
    .summary("write a program that adopts the live connections")
    .description(
      "Writes a program that declares the live connections. Its first `pulumi up` adopts them into the state and " +
        "changes nothing in Datadog.",
    )
    .addOption(
      defineRepeatable(
        "--source <name>",
        "only connections from this organization, instead of those from all configured organizations; repeatable",
      ),
    )
    .addOption(
      defineRepeatable(
        "--stack <name>",
        "use credentials of this stack, and omit what it manages; repeatable",
      ),
    )
    .option("--cwd <folder>", "folder of the stack's project", ".")
    .option(
      "--from <file>",
      "only the connections in this state of @pulumi/datadog, Terraform or OpenTofu, with resource names from that state; - is standard input",
    )
    .addOption(
      new Option("--form <form>", "one resource for each connection, or one set for each organization")
        .choices(["single", "set"] satisfies Form[])
        .default("single" satisfies Form),
    )
    .addOption(
      new Option(
        "--language <language>",
        "language of the program: typescript declares dynamic resources, the others declare resources of the plugin",
      )
        .choices(LANGUAGES)
        .default("typescript" satisfies Language),
    );
  addHelpDetails(addOutputOptions(command, FORMATS), help).action(
    wrapAction(async (options: DiscoverOptions) =>
      (await import("./run-discover.js")).runDiscover(options, context),
    ),
  );
};
