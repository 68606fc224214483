import path from "node:path";
import { toVariableSuffix } from "datadog-org-connections-core/credentials/organization-name.js";
import { readNamedOrganizations } from "datadog-org-connections-core/credentials/settings.js";
import type { DraftInputs } from "./draft.js";
import { DEFAULT_NAME, type ConfiguredOrganization } from "../../live/organizations.js";
import { hasName } from "../../live/organizations.js";
import type { CommandContext } from "../../shared/command.js";
import { Progress } from "../../shared/progress.js";
import { readOrganizations } from "../../live/read-organizations.js";
import { readStacks } from "../../live/read-stacks.js";
import { readManagedConnections } from "../../stack/managed.js";
import { readState } from "../../stack/read-state.js";
import type { FormerState } from "./moved-connections.js";

/** The organizations and stacks to read. */
export interface DiscoverScope {
  /** The names of the organizations to read. If empty, all of them. */
  source: string[];
  stack: string[];
  cwd: string;
  /** The file with the state whose connections move. */
  from?: string;
}

/**
 * Reads the live connections of the organizations, and what the stacks manage.
 *
 * @throws if no organization is configured, or if none could be checked and no connection was read
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
    const sourceNames = organizations.flatMap((organization): [string, string][] => {
      const source = getSourceName(organization, inStacks, requested);
      return source === undefined ? [] : [[organization.names[0] ?? "", source]];
    });
    return { live, managed, sourceNames: new Map(sourceNames), ...(from && { from }) };
  } finally {
    progress.clear();
  }
}

async function readFormerState(file: string, context: CommandContext): Promise<FormerState> {
  const { value, name } = await readState(file, context);
  return { name, ...readManagedConnections(value, name) };
}

/**
 * Returns the name of the organization in the program, which is its name in the stack's configuration. If only environment variables
 * name the organization, it is the name in `--source`. Without one, or if that is the suffix of the variables (`TEAM_01`), it is the name
 * that is derived from the suffix (`team-01`). The default organization has none.
 */
function getSourceName(
  organization: ConfiguredOrganization,
  inStacks: ReadonlySet<string>,
  requested: readonly string[],
): string | undefined {
  const name = organization.names.find((one) => one !== DEFAULT_NAME);
  if (name === undefined || inStacks.has(name)) return name;
  // `--source default` selects the default organization, which has no name in a program.
  const suffixOfDefault = toVariableSuffix(undefined);
  return (
    requested.find((source) => {
      const suffix = toVariableSuffix(source);
      return source !== suffix && suffix !== suffixOfDefault && hasName(organization, source);
    }) ?? name
  );
}
