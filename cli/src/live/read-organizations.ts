import type { Settings } from "datadog-org-connections-core/credentials/resolve.js";
import {
  selectOrganizations,
  listConfiguredOrganizations,
  type ConfiguredOrganization,
} from "./organizations.js";
import { readLive, type LiveConnections } from "./read-live.js";
import type { CommandContext } from "../shared/command.js";
import type { Progress } from "../shared/progress.js";
import { formatCount, pluralize } from "../shared/text.js";

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
