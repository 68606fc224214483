import { buildInventory, type Inventory } from "../../live/inventory.js";
import { joinManaged, type ManagedConnections } from "../../stack/managed.js";
import type { CommandContext } from "../../shared/command.js";
import { Progress } from "../../shared/progress.js";
import { readOrganizations } from "../../live/read-organizations.js";
import { readStacks, type SelectedStacks } from "../../live/read-stacks.js";

/** The stacks to read, and what the files of `--state` manage. */
export interface InventoryScope extends SelectedStacks {
  /** The connections in the files of `--state`: none if only stacks were given, and undefined if neither was given. */
  managed: ManagedConnections | undefined;
}

/**
 * Reads the settings and states of the stacks, and the live connections, with progress on a terminal.
 *
 * @throws if no organization is configured
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
