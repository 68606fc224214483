import { inventoryOf, type Inventory } from "../../live/inventory.js";
import { joinManaged, type Managed } from "../../stack/managed.js";
import type { CommandContext } from "../../shared/command.js";
import { Progress } from "../../shared/progress.js";
import { readOrganizations } from "../../live/read-organizations.js";
import { readStacks, type StacksPlace } from "../../live/read-stacks.js";

/** Where to look. */
export interface InventoryPlace extends StacksPlace {
  /** What states of other stacks manage; none: no state was given at all. */
  managed: Managed | undefined;
}

/** Reads settings, states and what is live, with progress on a terminal. Throws where no organization is configured. */
export async function takeInventory(place: InventoryPlace, context: CommandContext): Promise<Inventory> {
  const progress = new Progress(context);
  try {
    const { settings, managed } = await readStacks(place, context, progress);
    const { live } = await readOrganizations(settings, place, context, progress);
    return inventoryOf(live, place.managed && joinManaged([place.managed, managed]), Date.now());
  } finally {
    progress.end();
  }
}
