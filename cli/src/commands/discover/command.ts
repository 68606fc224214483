import { Option } from "commander";
import type { DiscoverScope } from "./read-draft-inputs.js";
import type { Form, Format, Draft } from "./draft.js";
import type { Language } from "./next-steps.js";
import {
  defineRepeatable,
  UsageError,
  type CommandContext,
  type DefineCommand,
} from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { addHelpDetails, type HelpDetails } from "../../shared/help.js";
import { addOutputOptions, type OutputOptions } from "../../shared/output-options.js";

const FORMATS = ["program", "import"] as const satisfies Format[];
const LANGUAGES = ["typescript", "yaml", "python", "go"] as const satisfies Language[];

/** The options of `discover`. */
interface DiscoverOptions extends DiscoverScope, OutputOptions<Format> {
  form: Form;
  language: Language;
}

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
    wrapAction((options: DiscoverOptions) => runDiscover(options, context)),
  );
};

async function runDiscover(options: DiscoverOptions, context: CommandContext): Promise<number> {
  if (options.format === "import" && options.form === "set" && options.language === "typescript") {
    throw new UsageError(
      "With --language typescript, --format import writes only single connections. Omit --form set or --format import, or set --language to yaml, python or go.",
    );
  }
  const { prepareOutput } = await import("../../shared/write-atomic.js");
  const write = prepareOutput(options, context);
  const { readDraftInputs } = await import("./read-draft-inputs.js");
  const { createDraft } = await import("./draft.js");
  const { formatSentence } = await import("datadog-org-connections-core/text/escape-text.js");
  const draft = createDraft(await readDraftInputs(options, context), options.form);
  const report = (text: string) => context.stderr.write(`${formatSentence(text)}\n`);
  for (const remark of draft.remarks) report(remark);
  if (draft.count === 0)
    report(
      draft.complete
        ? "There are no live connections that a program can adopt. Nothing was written."
        : "No connections to adopt were found, but not everything could be read. Nothing was written.",
    );
  else {
    const { formatNextSteps } = await import("./next-steps.js");
    write(await formatDraft(draft, options));
    for (const line of formatNextSteps(draft, options)) report(line);
  }
  return draft.complete ? EXIT.ok : EXIT.incomplete;
}

async function formatDraft(
  draft: Draft,
  { format, language }: Pick<DiscoverOptions, "format" | "language">,
): Promise<string> {
  const day = new Date().toISOString().slice(0, 10);
  if (language !== "typescript") {
    if (format === "import") return (await import("./import-file.js")).formatPluginImportFile(draft);
    return (await import("./plugin-program.js")).formatPluginProgram(draft, language, day);
  }
  if (format === "import") return (await import("./import-file.js")).formatImportFile(draft);
  const { formatProgram } = await import("./program.js");
  return formatProgram(draft, day);
}
