import type { Settings } from "datadog-org-connections-core/credentials/resolve.js";
import type { CommandContext } from "../shared/command.js";
import type { Progress } from "../shared/progress.js";
import { joinManaged, managedConnections, type Managed } from "../stack/managed.js";
import { exportStack, readConfig } from "../stack/pulumi.js";

/** Where a command looks for keys: the environment, and the configuration of stacks. */
export interface SettingsPlace {
  /** Stacks as the user names them; none: the environment alone. */
  stacks: readonly string[];
  /** The folder of their project. */
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * The settings of each stack, or those of the environment alone. They hold keys in plain text: never print them.
 * @throws an error that says which `pulumi` command failed, and why
 */
export async function readSettings({ stacks, cwd, env }: SettingsPlace): Promise<Settings[]> {
  if (stacks.length === 0) return [{ config: () => undefined, env }];
  const settings: Settings[] = [];
  // One after the other: each may ask its backend, and lock its own files.
  for (const stack of stacks) {
    const config = new Map(Object.entries(await readConfig({ stack, cwd, env })));
    settings.push({ config: (key) => config.get(key), env });
  }
  return settings;
}

/** Where stacks are. */
export interface StacksPlace {
  stacks: readonly string[];
  cwd: string;
}

/** The settings of environment and stacks, and what the states of the stacks manage. */
export async function readStacks(
  { stacks, cwd }: StacksPlace,
  { env }: Pick<CommandContext, "env">,
  progress: Progress,
): Promise<{ settings: Settings[]; managed: Managed }> {
  progress.at("reading the stacks");
  const settings = await readSettings({ stacks, cwd, env });
  const managed: Managed[] = [];
  for (const stack of stacks) {
    progress.at(`reading the state of ${stack}`);
    managed.push(managedConnections(await exportStack({ stack, cwd, env })));
  }
  return { settings, managed: joinManaged(managed) };
}
