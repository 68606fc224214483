import type { Settings } from "datadog-org-connections-core/credentials/resolve.js";
import { requireValidSettings } from "datadog-org-connections-core/credentials/settings.js";
import type { CommandContext } from "../shared/command.js";
import type { Progress } from "../shared/progress.js";
import { joinManaged, readManagedConnections, type ManagedConnections } from "../stack/managed.js";
import { exportStack, readConfig } from "../stack/pulumi.js";

/** Where a command finds credentials: the environment, and the configuration of stacks. */
export interface SettingsLocation {
  /** Names of stacks. If empty, only the environment is used. */
  stacks: readonly string[];
  /** The folder of their project. */
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads the settings of each stack, or those of the environment. They contain credentials in plain text: never print them.
 * @throws an error that says which `pulumi` command failed, and why; `invalid-configuration`
 */
export async function readSettings({ stacks, cwd, env }: SettingsLocation): Promise<Settings[]> {
  if (stacks.length === 0) return [{ config: () => undefined, env }];
  const settings: Settings[] = [];
  // One after the other, because each `pulumi` command may call the backend and lock files.
  for (const stack of stacks) {
    const config = new Map(Object.entries(await readConfig({ stack, cwd, env })));
    requireValidSettings(config);
    settings.push({ config: (key) => config.get(key), env });
  }
  return settings;
}

/** The stacks, and the folder of their project. */
export interface StacksLocation {
  stacks: readonly string[];
  cwd: string;
}

/** Reads the settings of the environment and the stacks, and the connections that the stacks manage. */
export async function readStacks(
  { stacks, cwd }: StacksLocation,
  { env }: Pick<CommandContext, "env">,
  progress: Progress,
): Promise<{ settings: Settings[]; managed: ManagedConnections }> {
  progress.show("reading the stacks");
  const settings = await readSettings({ stacks, cwd, env });
  const managed: ManagedConnections[] = [];
  for (const stack of stacks) {
    progress.show(`reading the state of ${stack}`);
    managed.push(readManagedConnections(await exportStack({ stack, cwd, env })));
  }
  return { settings, managed: joinManaged(managed) };
}
