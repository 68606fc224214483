import path from "node:path";
import { InvalidArgumentError, Option } from "commander";
import type { Inventory } from "../../live/inventory.js";
import type { ManagedConnections } from "../../stack/managed.js";
import {
  defineRepeatable,
  UsageError,
  type CommandContext,
  type DefineCommand,
} from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { addHelpDetails, type HelpDetails } from "../../shared/help.js";
import { addOutputOptions, type OutputOptions } from "../../shared/output-options.js";
import { formatRemark } from "../../shared/text.js";

const FORMATS = ["table", "csv", "json", "markdown"] as const;

interface Options extends OutputOptions<(typeof FORMATS)[number]> {
  stack: string[];
  cwd?: string;
  state: string[];
  failOn: Finding[];
}

const FINDINGS = ["unmanaged", "missing"] as const;
type Finding = (typeof FINDINGS)[number];

const help: HelpDetails = {
  paragraphs: [
    "The command only reads. Credentials come from the environment and, with --stack, from the stack's configuration. In the " +
      "environment, set DD_API_KEY__SHOP and DD_APP_KEY__SHOP for an organization called shop, and DD_API_KEY and DD_APP_KEY for the " +
      "default organization. Instead of both keys, you can set DD_BEARER_TOKEN or, for a workload identity, DD_CLOUD_PROVIDER_TYPE and " +
      "DD_ORG_UUID, each with the same suffix (__SHOP, or none).",
    "A connection is unmanaged if no resource of the given states manages it. A connection is missing if a resource of the given states " +
      "manages it, no organization's list contains it, and its source or destination was checked.",
    'An organization is reported as "not checked", with the reason, if its list of connections could not be read completely, or if the ' +
      "credentials are not proven to belong to it. There may be no proof, for example, if the list has fewer than two connections and " +
      "the credentials are not allowed to call GET /api/v2/org. The connections of an unproven list are included, but the list does " +
      "not prove that a connection is missing.",
    'A resource is "not read" if the state does not show all connections that the resource manages, for example because of a secret. ' +
      "The connections that the state does not show may be listed as unmanaged.",
    'A connection in a state is "not verified" if no list contains it, and either its organizations were not checked or the state does ' +
      "not show them. The connection may be missing.",
  ],
  examples: [
    "datadog-org-connections inventory --stack dev",
    "datadog-org-connections inventory --stack hub --stack payments --cwd infra --format csv -o connections.csv",
    "datadog-org-connections inventory --state state.json --fail-on unmanaged",
  ],
  exitCodes: [
    [EXIT.ok, "everything was checked, read and verified, and --fail-on found nothing"],
    [EXIT.findings, "--fail-on found something"],
    [
      EXIT.incomplete,
      "something was not checked, not read or not verified, and --fail-on found nothing in the rest",
    ],
  ],
};

/** Defines the command `datadog-org-connections inventory`. */
export const defineInventory: DefineCommand = (program, context, wrapAction) => {
  const command = program
    .command("inventory")
    .summary("list every connection of all configured organizations and what manages it")
    .description(
      "Lists every connection of all configured organizations: source, destination, types, age, creator, and what " +
        "manages it.",
    )
    .addOption(
      defineRepeatable("--stack <name>", "use the credentials and the state of this stack; repeatable"),
    )
    .option("--cwd <folder>", "folder of the stack's project (default: the current folder)")
    .addOption(
      defineRepeatable(
        "--state <file>",
        "state: output of `pulumi stack export`, or of `tofu show -json` or `terraform show -json`, or a Terraform state " +
          "file; - is standard input; repeatable",
      ),
    )
    .addOption(
      new Option(
        "--fail-on <what>",
        `exit with ${EXIT.findings} if there is a connection of this kind: ${FINDINGS.join(" or ")} (for both: ${FINDINGS.join(",")}); repeatable`,
      )
        .argParser((value: string, before: Finding[]) => [...before, ...parseFindings(value)])
        .default([], "nothing"),
    );
  addOutputOptions(command, FORMATS);
  addHelpDetails(command, help).action(wrapAction((options: Options) => runInventory(options, context)));
};

async function runInventory(options: Options, context: CommandContext): Promise<number> {
  const hasStates = options.stack.length + options.state.length > 0;
  if (options.failOn.length > 0 && !hasStates) {
    throw new UsageError(
      "--fail-on requires --stack or --state. Without a state, it is unknown which connections are managed.",
    );
  }
  const { prepareOutput } = await import("../../shared/write-atomic.js");
  const write = prepareOutput(options, context);
  const { readInventory } = await import("./read-inventory.js");
  const inventory = await readInventory(
    {
      stacks: options.stack,
      cwd: path.resolve(context.cwd, options.cwd ?? "."),
      managed: hasStates ? await readStates(options.state, context) : undefined,
    },
    context,
  );
  const { formatInventory, listRemarks } = await import("./formats.js");
  write(await formatInventory(inventory, options.format));
  // For CSV, JSON and output to a file, print the labeled remarks on standard error, so that the user sees them at once.
  if (options.output !== undefined || options.format === "csv" || options.format === "json") {
    const labeled = listRemarks(inventory).filter(({ label }) => label !== undefined);
    for (const remark of labeled) context.stderr.write(`${formatRemark(remark)}\n`);
  }
  return getExitCode(inventory, options.failOn);
}

/** Returns the exit code. A finding that --fail-on selects takes precedence over an incomplete inventory. */
function getExitCode(inventory: Inventory, failOn: readonly Finding[]): number {
  const { rows, missing, complete } = inventory;
  const found: Record<Finding, boolean> = {
    unmanaged: rows.some(({ managedBy }) => managedBy.length === 0),
    missing: missing.length > 0,
  };
  if (failOn.some((finding) => found[finding])) return EXIT.findings;
  return complete ? EXIT.ok : EXIT.incomplete;
}

async function readStates(files: readonly string[], context: CommandContext): Promise<ManagedConnections> {
  const { joinManaged, readManagedConnections } = await import("../../stack/managed.js");
  const { readState } = await import("../../stack/formats.js");
  const all: ManagedConnections[] = [];
  for (const file of files) {
    const { value, name } = await readState(file, context);
    all.push(readManagedConnections(value, name));
  }
  return joinManaged(all);
}

function parseFindings(value: string): Finding[] {
  return value.split(",").map((name) => {
    const finding = FINDINGS.find((known) => known === name.trim());
    if (finding === undefined)
      throw new InvalidArgumentError(
        `Allowed values are ${FINDINGS.join(" and ")} (for both: ${FINDINGS.join(",")}).`,
      );
    return finding;
  });
}
