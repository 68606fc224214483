import path from "node:path";
import { namedOrganizations } from "../credentials/settings.js";
import type { Found } from "../discover/plan.js";
import { configuredOrganizations, DEFAULT_NAME, type ConfiguredOrganization } from "../live/organizations.js";
import { readLive } from "../live/read.js";
import { readSettings } from "../live/settings.js";
import { managedConnections, type ManagedConnection } from "../stack/managed.js";
import { exportStack } from "../stack/pulumi.js";
import { chosen, isCalled } from "./chosen-organizations.js";
import type { CommandContext } from "./command.js";
import type { DiscoverOptions } from "./discover-command.js";
import { Progress } from "./progress.js";
import { noOrganization } from "./take-inventory.js";

/**
 * Reads what is live in the organizations that are meant, and what the stacks manage. Throws when no organization is
 * configured, or none could be read.
 */
export async function findLive(
  { source: asked, stack: stacks, cwd: folder }: Pick<DiscoverOptions, "source" | "stack" | "cwd">,
  { env, stderr, signal, cwd: here }: CommandContext,
): Promise<Found> {
  const progress = new Progress(stderr);
  const cwd = path.resolve(here, folder);
  try {
    progress.at("reading the stacks");
    const settings = await readSettings({ stacks, cwd, env });
    const managed: ManagedConnection[] = [];
    for (const stack of stacks) {
      progress.at(`reading the state of ${stack}`);
      managed.push(...managedConnections(await exportStack({ stack, cwd, env })));
    }
    const configured = configuredOrganizations(settings, (message) => progress.at(message));
    if (configured.length === 0) throw noOrganization(stacks);
    const organizations = chosen(configured, asked);
    const live = await readLive(organizations, {
      onProgress: (done, of) => progress.at(`read ${done} of ${of} organizations`),
      signal,
    });
    const unread = live.organizations.flatMap((one) =>
      one.checked ? [] : [`NOT READ: ${one.names.join(", ")}: ${one.reason}`],
    );
    if (unread.length === live.organizations.length) throw new Error(unread.join("\n"));
    const inStacks = new Set(settings.flatMap(({ config }) => Object.keys(namedOrganizations(config))));
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
    asked.find((source) => source !== name && isCalled(organization, source)) ??
    name.toLowerCase().replaceAll("_", "-")
  );
}
