import path from "node:path";
import { namedOrganizations } from "datadog-org-connections-core/credentials/settings.js";
import type { Found } from "./plan.js";
import { DEFAULT_NAME, type ConfiguredOrganization } from "../../live/organizations.js";
import { hasName } from "../../live/organizations.js";
import type { CommandContext } from "../../shared/command.js";
import { Progress } from "../../shared/progress.js";
import { readOrganizations } from "../../live/read-organizations.js";
import { readStacks } from "../../live/read-stacks.js";

/** Where to look. */
export interface LivePlace {
  /** The organizations that are meant, by the names of their keys; none: all. */
  source: string[];
  stack: string[];
  cwd: string;
}

/**
 * Reads what is live in the organizations that are meant, and what the stacks manage. Throws when no organization is
 * configured, or none could be read.
 */
export async function findLive(
  { source: asked, stack: stacks, cwd: folder }: LivePlace,
  context: CommandContext,
): Promise<Found> {
  const progress = new Progress(context);
  const place = { stacks, cwd: path.resolve(context.cwd, folder) };
  try {
    const { settings, managed } = await readStacks(place, context, progress);
    const asking = { stacks, sources: asked };
    const { organizations, live } = await readOrganizations(settings, asking, context, progress);
    const unread = live.organizations.flatMap((one) =>
      one.checked ? [] : [`NOT READ: ${one.names.join(", ")}: ${one.reason}`],
    );
    if (unread.length === live.organizations.length && live.connections.length === 0) {
      throw new Error(unread.join("\n"));
    }
    const inStacks = new Set(settings.flatMap(({ config }) => [...namedOrganizations(config).keys()]));
    const sources = organizations.flatMap((one): [string, string][] => {
      const source = sourceOf(one, inStacks, asked);
      return source === undefined ? [] : [[one.names[0] ?? "", source]];
    });
    return { live, managed, sources: new Map(sources) };
  } finally {
    progress.end();
  }
}

/**
 * How a program names the organization: as the stack's configuration does; one that only variables name as the user
 * does, or, since variables keep no case, in small letters.
 */
function sourceOf(
  organization: ConfiguredOrganization,
  inStacks: ReadonlySet<string>,
  asked: readonly string[],
): string | undefined {
  const name = organization.names.find((one) => one !== DEFAULT_NAME);
  if (name === undefined || inStacks.has(name)) return name;
  return (
    asked.find((source) => source !== name && hasName(organization, source)) ??
    name.toLowerCase().replaceAll("_", "-")
  );
}
