import path from "node:path";
import { readNamedOrganizations } from "datadog-org-connections-core/credentials/settings.js";
import type { DraftInputs } from "./draft.js";
import type { CommandContext } from "../../shared/command.js";
import { Progress } from "../../shared/progress.js";
import { readOrganizations, readStacks } from "../../live/read-organizations.js";
import { readManagedConnections, readPendingDeletions } from "../../stack/managed.js";
import { readState } from "../../stack/formats.js";
import type { FormerState } from "./former-connections.js";
import { getSourceName, requireUniqueSources, resolveSourceNames } from "./source-names.js";

/** What to read. */
export interface DiscoverScope {
  /** The names of the organizations to read. If empty, all configured organizations are read. */
  source: string[];
  stack: string[];
  cwd: string;
  /** The file with the state whose connections move. */
  from?: string;
}

/**
 * Reads the live connections of the organizations, and what the stacks and the state of `--from` manage.
 *
 * @throws in each of these cases:
 * - A stack or the file cannot be read.
 * - No organization is configured, or an organization in `source` is not configured.
 * - No organization could be checked, and no connection was read.
 * - A name in the new program may be the name of several organizations.
 */
export async function readDraftInputs(
  { source: requested, stack: stacks, cwd, from: fromFile }: DiscoverScope,
  context: CommandContext,
): Promise<DraftInputs> {
  const progress = new Progress(context);
  const selected = { stacks, cwd: path.resolve(context.cwd, cwd) };
  try {
    const from = fromFile === undefined ? undefined : await readFormerState(fromFile, context);
    const { settings, managed } = await readStacks(selected, context, progress);
    const selection = { stacks, sources: requested };
    const { organizations, live } = await readOrganizations(settings, selection, context, progress);
    const unchecked = live.organizations.flatMap((organization) =>
      organization.checked ? [] : [`NOT CHECKED: ${organization.names.join(", ")}: ${organization.reason}`],
    );
    if (unchecked.length === live.organizations.length && live.connections.length === 0) {
      throw new Error(unchecked.join("\n"));
    }
    const inStacks = new Set(settings.flatMap(({ config }) => [...readNamedOrganizations(config).keys()]));
    // `live.organizations` has the order of `organizations`, so an index is valid in both.
    const sourceNames = resolveSourceNames(live.organizations, (at) => {
      const organization = organizations[at];
      return organization && getSourceName(organization, inStacks, requested);
    });
    requireUniqueSources(live.organizations, sourceNames, stacks, (at) => organizations[at]?.configuredId);
    return { live, managed, sourceNames, ...(from && { from }) };
  } finally {
    progress.clear();
  }
}

async function readFormerState(file: string, context: CommandContext): Promise<FormerState> {
  const { value, name } = await readState(file, context);
  return {
    name,
    ...readManagedConnections(value, name),
    pendingDeletions: readPendingDeletions(value, name),
  };
}
