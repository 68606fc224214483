import path from "node:path";
import { buildInventory, type Inventory } from "../../live/inventory.js";
import { readOrganizations, readStacks, type SelectedStacks } from "../../live/read-organizations.js";
import { readState } from "../../stack/formats.js";
import { joinManaged, readManagedConnections, type ManagedConnections } from "../../stack/managed.js";
import { UsageError, type CommandContext } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { Progress } from "../../shared/progress.js";
import { formatRemark } from "../../shared/text.js";
import { prepareOutput } from "../../shared/write-atomic.js";
import { formatInventory, listRemarks, type Format } from "./formats.js";
import type { OutputOptions } from "../../shared/output-options.js";

export type Finding = "unmanaged" | "missing";

/** The options of `inventory`. */
export interface InventoryOptions extends OutputOptions<Format> {
  stack: string[];
  cwd?: string;
  state: string[];
  failOn: Finding[];
}

/** Writes the inventory, and returns the exit code. */
export async function runInventory(options: InventoryOptions, context: CommandContext): Promise<number> {
  const hasStates = options.stack.length + options.state.length > 0;
  if (options.failOn.length > 0 && !hasStates) {
    throw new UsageError(
      "--fail-on requires --stack or --state. Without a state, it is unknown which connections are managed.",
    );
  }
  const write = prepareOutput(options, context);
  const inventory = await readInventory(
    {
      stacks: options.stack,
      cwd: path.resolve(context.cwd, options.cwd ?? "."),
      managed: hasStates ? await readStates(options.state, context) : undefined,
    },
    context,
  );
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
  const all: ManagedConnections[] = [];
  for (const file of files) {
    const { value, name } = await readState(file, context);
    all.push(readManagedConnections(value, name));
  }
  return joinManaged(all);
}

/** The stacks to read, and the connections in the files of `--state`. */
interface InventoryScope extends SelectedStacks {
  /** The connections in the files of `--state`. Empty if only stacks were given. Undefined if no stacks and no files were given. */
  managed: ManagedConnections | undefined;
}

/**
 * Reads the live connections, and compares them with the connections in the files and stacks. Shows progress on a terminal.
 *
 * @throws if a stack cannot be read, if its configuration is invalid, or if no organization is configured
 */
async function readInventory(scope: InventoryScope, context: CommandContext): Promise<Inventory> {
  const progress = new Progress(context);
  try {
    const { settings, managed } = await readStacks(scope, context, progress);
    const { live } = await readOrganizations(settings, scope, context, progress);
    return buildInventory(live, scope.managed && joinManaged([scope.managed, managed]), Date.now());
  } finally {
    progress.clear();
  }
}
