import path from "node:path";
import { InvalidArgumentError, Option } from "commander";
import type { Inventory } from "../../live/inventory.js";
import type { Managed } from "../../stack/managed.js";
import {
  defineRepeatable,
  UsageError,
  type CommandContext,
  type DefineCommand,
} from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import type { Format } from "./formats.js";

const FORMATS: readonly Format[] = ["table", "csv", "json", "markdown"];

interface Options {
  stack: string[];
  cwd?: string;
  state: string[];
  format: Format;
  failOn: Finding[];
}

const FINDINGS = ["unmanaged", "missing"] as const;
type Finding = (typeof FINDINGS)[number];

const help = `
Whose keys: those of the environment (DD_API_KEY__SHOP and DD_APP_KEY__SHOP for an organization called shop, DD_API_KEY
and DD_APP_KEY for the default one), and with --stack those of its configuration. Nothing is written.

An organization is "not checked", with the reason, when its list could not be read completely, or when nothing proves whose
keys were used (an empty list, or a single connection, with keys that GET /api/v2/org refuses). What was seen is listed;
nothing is concluded from what was not. A resource whose state is a secret is "not read": what it manages may be listed as
unmanaged.

Examples:
  datadog-org-connections inventory --stack dev
  datadog-org-connections inventory --stack hub --stack payments --cwd infra --format csv > connections.csv
  datadog-org-connections inventory --state state.json --fail-on unmanaged

Exit codes: ${EXIT.ok} all organizations were checked; ${EXIT.found} --fail-on found something; ${EXIT.incomplete} an organization was not checked, or a
resource not read (and --fail-on found nothing in the others); ${EXIT.failed} failed; ${EXIT.usage} called wrongly.`;

/** `datadog-org-connections inventory`. */
export const defineInventory: DefineCommand = (program, context, action) => {
  program
    .command("inventory")
    .summary("list every connection of all configured organizations, and who manages it")
    .description(
      "Lists every connection of all configured organizations: who shares what with whom, since when, made by whom, " +
        "managed by which stack or by none.",
    )
    .addOption(defineRepeatable("--stack <name>", "take keys and state from this stack; may be repeated"))
    .option("--cwd <folder>", "the folder of the stack's project (default: this one)")
    .addOption(
      defineRepeatable(
        "--state <file>",
        "what `pulumi stack export` printed; - is standard input; may be repeated",
      ),
    )
    .addOption(new Option("--format <format>", "how to print it").choices(FORMATS).default("table"))
    .addOption(
      new Option("--fail-on <what>", `exit ${EXIT.found} when there is any: ${FINDINGS.join(", ")}, or both`)
        .argParser(findings)
        .default([], "nothing"),
    )
    .addHelpText("after", help)
    .action(action((options: Options) => runInventory(options, context)));
};

async function runInventory(options: Options, context: CommandContext): Promise<number> {
  const given = options.stack.length + options.state.length > 0;
  if (options.failOn.length > 0 && !given) {
    throw new UsageError(`--fail-on needs --stack or --state: without a state nobody knows what is managed.`);
  }
  const { takeInventory } = await import("./take-inventory.js");
  const inventory = await takeInventory(
    {
      stacks: options.stack,
      cwd: path.resolve(context.cwd, options.cwd ?? "."),
      managed: given ? await fromFiles(options.state, context) : undefined,
    },
    context,
  );
  const { formatInventory, remarks } = await import("./formats.js");
  context.stdout.write(await formatInventory(inventory, options.format));
  // Where the product is data, the holes are told beside it too.
  if (options.format === "csv" || options.format === "json") {
    const holes = remarks(inventory).filter((line) => line.startsWith("NOT "));
    if (holes.length > 0) context.stderr.write(`${holes.join("\n")}\n`);
  }
  return exitCodeOf(inventory, options.failOn);
}

/** A finding outranks a hole: it stands, whatever the organization that was not checked may hold. */
function exitCodeOf(inventory: Inventory, failOn: readonly Finding[]): number {
  const { rows, missing, organizations, unreadable } = inventory;
  const found: Record<Finding, boolean> = {
    unmanaged: rows.some(({ managedBy }) => managedBy.length === 0),
    missing: missing.length > 0,
  };
  if (failOn.some((finding) => found[finding])) return EXIT.found;
  const isWhole = organizations.every(({ checked }) => checked) && unreadable.length === 0;
  return isWhole ? EXIT.ok : EXIT.incomplete;
}

async function fromFiles(files: readonly string[], context: CommandContext): Promise<Managed> {
  const { joinManaged, managedConnections } = await import("../../stack/managed.js");
  const { readState } = await import("../../stack/read-state.js");
  const all: Managed[] = [];
  for (const file of files) {
    const { value, name } = await readState(file, context);
    all.push(managedConnections(value, name));
  }
  return joinManaged(all);
}

function findings(value: string): Finding[] {
  return value.split(",").map((one) => {
    const finding = FINDINGS.find((known) => known === one.trim());
    if (finding === undefined) throw new InvalidArgumentError(`Allowed are ${FINDINGS.join(", ")}, or both.`);
    return finding;
  });
}
