import { inventoryOf, type Inventory } from "../live/inventory.js";
import { configuredOrganizations } from "../live/organizations.js";
import { readLive } from "../live/read.js";
import { readSettings } from "../live/settings.js";
import { managedConnections, type ManagedConnection } from "../stack/managed.js";
import { exportStack } from "../stack/pulumi.js";
import type { CommandContext } from "./command.js";
import { Progress } from "./progress.js";

/** Where to look. */
export interface InventoryPlace {
  stacks: readonly string[];
  cwd: string;
  /** What states of other stacks manage; none: no state was given at all. */
  managed?: ManagedConnection[];
}

/** Reads settings, states and what is live, with progress on a terminal. Throws where no organization is configured. */
export async function takeInventory(
  { stacks, cwd, managed }: InventoryPlace,
  { env, stderr, signal }: CommandContext,
): Promise<Inventory> {
  const progress = new Progress(stderr);
  try {
    progress.at("reading the stacks");
    const settings = await readSettings({ stacks, cwd, env });
    for (const stack of stacks) {
      progress.at(`reading the state of ${stack}`);
      managed?.push(...managedConnections(await exportStack({ stack, cwd, env })));
    }
    const organizations = configuredOrganizations(settings, (message) => progress.at(message));
    if (organizations.length === 0) throw noOrganization(stacks);
    const live = await readLive(organizations, {
      onProgress: (done, of) => progress.at(`read ${done} of ${of} organizations`),
      signal,
    });
    return inventoryOf(live, managed, Date.now());
  } finally {
    progress.end();
  }
}

/** Nothing to look at is no empty inventory. */
export function noOrganization(stacks: readonly string[]): Error {
  const where = stacks.length === 0 ? "in the environment" : `in the environment or in ${stacks.join(", ")}`;
  return new Error(
    `No organization is configured ${where}. Set DD_API_KEY and DD_APP_KEY, or DD_API_KEY__NAME and DD_APP_KEY__NAME ` +
      `for each organization${stacks.length === 0 ? ", or name a stack that holds keys: --stack NAME" : ""}.`,
  );
}
