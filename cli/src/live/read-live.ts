import type { Settings } from "datadog-org-connections-core/credentials/resolve.js";
import { configuredOrganizations, type ConfiguredOrganization } from "./organizations.js";
import { readLive, type Live } from "./read.js";
import { readSettings } from "./settings.js";
import { joinManaged, managedConnections, type Managed } from "../stack/managed.js";
import { exportStack } from "../stack/pulumi.js";
import { chosen } from "./chosen-organizations.js";
import type { CommandContext } from "../shared/command.js";
import type { Progress } from "../shared/progress.js";

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

/**
 * What is live in the organizations that the settings hold keys for, or in those that `sources` names. Throws where no
 * organization is configured: nothing to look at is no empty answer.
 */
export async function readOrganizations(
  settings: Settings[],
  { stacks, sources = [] }: { stacks: readonly string[]; sources?: readonly string[] },
  { signal }: Pick<CommandContext, "signal">,
  progress: Progress,
): Promise<{ organizations: readonly ConfiguredOrganization[]; live: Live }> {
  const configured = configuredOrganizations(settings, (message) => progress.at(message));
  if (configured.length === 0) throw noOrganization(stacks);
  const organizations = chosen(configured, sources);
  const live = await readLive(organizations, {
    onProgress: (done, of) => progress.at(`read ${done} of ${of} organizations`),
    signal,
  });
  return { organizations, live };
}

function noOrganization(stacks: readonly string[]): Error {
  const where = stacks.length === 0 ? "in the environment" : `in the environment or in ${stacks.join(", ")}`;
  return new Error(
    `No organization is configured ${where}. Set DD_API_KEY and DD_APP_KEY, or DD_API_KEY__NAME and DD_APP_KEY__NAME ` +
      `for each organization${stacks.length === 0 ? ", or name a stack that holds keys: --stack NAME" : ""}.`,
  );
}
