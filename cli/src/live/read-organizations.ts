import type { Settings } from "datadog-org-connections-core/credentials/resolve.js";
import { requireValidSettings } from "datadog-org-connections-core/credentials/settings.js";
import type { CommandContext } from "../shared/command.js";
import type { Progress } from "../shared/progress.js";
import { formatCount, pluralize } from "../shared/text.js";
import { joinManaged, readManagedConnections, type ManagedConnections } from "../stack/managed.js";
import { exportStack, readConfig } from "../stack/pulumi.js";
import {
  listConfiguredOrganizations,
  selectOrganizations,
  type ConfiguredOrganization,
} from "./organizations.js";
import { readLive, type LiveConnections } from "./read-live.js";

/** The stacks that the user selected. */
export interface SelectedStacks {
  /** Their names, such as `dev`. */
  stacks: readonly string[];
  /** The folder of their project. */
  cwd: string;
}

/**
 * Reads the settings of each stack. The settings of a stack include those of the environment. Without a stack, returns only the
 * settings of the environment. Never print the settings, because they contain credentials in plain text.
 *
 * @throws `invalid-configuration`, or an error that says which `pulumi` command failed, and why
 */
export async function readSettings({
  stacks,
  cwd,
  env,
}: SelectedStacks & Pick<CommandContext, "env">): Promise<Settings[]> {
  if (stacks.length === 0) return [{ config: () => undefined, env }];
  const settings: Settings[] = [];
  // Read one stack at a time, because each `pulumi` command may lock files and call the backend.
  for (const stack of stacks) {
    const config = new Map(Object.entries(await readConfig({ stack, cwd, env })));
    requireValidSettings(config);
    settings.push({ config: (key) => config.get(key), env });
  }
  return settings;
}

/** Reads the settings of the environment and the stacks, and the connections that the stacks manage. */
export async function readStacks(
  { stacks, cwd }: SelectedStacks,
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

/**
 * Reads the live connections of the configured organizations, or of those in `sources`.
 *
 * @throws if an organization in `sources` is not configured
 * @throws if no organization is configured, because an empty result would be misleading
 */
export async function readOrganizations(
  settings: Settings[],
  { stacks, sources = [] }: { stacks: readonly string[]; sources?: readonly string[] },
  { signal }: Pick<CommandContext, "signal">,
  progress: Progress,
): Promise<{ organizations: readonly ConfiguredOrganization[]; live: LiveConnections }> {
  const configured = listConfiguredOrganizations(settings, (message) => progress.show(message));
  if (configured.length === 0) throw createNoOrganizationError(stacks);
  const organizations = selectOrganizations(configured, sources);
  const live = await readLive(organizations, {
    onProgress: (done, total) => progress.show(`read ${done} of ${formatCount(total, "organization")}`),
    signal,
  });
  return { organizations, live };
}

function createNoOrganizationError(stacks: readonly string[]): Error {
  const where =
    stacks.length === 0
      ? "in the environment"
      : `in the environment or in the ${pluralize(stacks.length, "stack")} ${stacks.join(", ")}`;
  return new Error(
    `No organization is configured ${where}. For the default organization, set DD_API_KEY and DD_APP_KEY, or DD_BEARER_TOKEN. For a ` +
      "named organization, set DD_API_KEY__NAME and DD_APP_KEY__NAME, or DD_BEARER_TOKEN__NAME. For a workload identity, set " +
      `DD_CLOUD_PROVIDER_TYPE, and DD_ORG_UUID__NAME for each organization.${stacks.length === 0 ? " Or pass a stack that contains credentials: --stack NAME." : ""}`,
  );
}
