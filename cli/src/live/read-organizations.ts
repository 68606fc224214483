import type { Settings } from "datadog-org-connections-core/credentials/resolve.js";
import {
  chooseOrganizations,
  configuredOrganizations,
  type ConfiguredOrganization,
} from "./organizations.js";
import { readLive, type Live } from "./read-live.js";
import type { CommandContext } from "../shared/command.js";
import type { Progress } from "../shared/progress.js";

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
  const organizations = chooseOrganizations(configured, sources);
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
