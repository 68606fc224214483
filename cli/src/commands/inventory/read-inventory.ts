import { buildInventory, type Inventory } from "../../live/inventory.js";
import { joinManaged, type ManagedConnections } from "../../stack/managed.js";
import type { CommandContext } from "../../shared/command.js";
import { Progress } from "../../shared/progress.js";
import { readOrganizations, readStacks, type SelectedStacks } from "../../live/read-organizations.js";

/** The stacks to read, and the connections in the files of `--state`. */
export interface InventoryScope extends SelectedStacks {
  /** The connections in the files of `--state`. Empty if only stacks were given. Undefined if no stacks and no files were given. */
  managed: ManagedConnections | undefined;
}

/**
 * Reads the live connections, and compares them with the connections in the files and stacks. Shows progress on a terminal.
 *
 * @throws if a stack cannot be read, if its configuration is invalid, or if no organization is configured
 */
export async function readInventory(scope: InventoryScope, context: CommandContext): Promise<Inventory> {
  const progress = new Progress(context);
  try {
    const { settings, managed } = await readStacks(scope, context, progress);
    const { live } = await readOrganizations(settings, scope, context, progress);
    return buildInventory(live, scope.managed && joinManaged([scope.managed, managed]), Date.now());
  } finally {
    progress.clear();
  }
}
