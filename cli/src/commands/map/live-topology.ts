import path from "node:path";
import { buildInventory, UNVERIFIED_REASON } from "../../live/inventory.js";
import { createCheckedFilter, type LiveConnections } from "../../live/read-live.js";
import type { ManagedConnections } from "../../stack/managed.js";
import { readSettings, readOrganizations } from "../../live/read-organizations.js";
import { toLiveRows, buildTopology } from "../../topology/build-topology.js";
import { formatRemark } from "../../shared/remark.js";
import { formatCount } from "../../shared/text.js";
import type { CommandContext } from "../../shared/command.js";
import {
  readStates,
  formatUnreadableResources,
  type MapContent,
  type StateOptions,
} from "./state-topology.js";
import type { Progress } from "../../shared/progress.js";

/** The maximum count of organizations that a title names. */
const MAX_NAMED = 3;

/**
 * Reads the live connections of the configured organizations, or only of the organizations in `source`. The given states show which
 * connections are managed.
 *
 * @throws if a state or a configuration cannot be read
 * @throws if no organization is configured, or an organization in `source` is not configured
 * @throws if no organization was checked and no connection was read
 */
export async function readLiveTopology(
  options: StateOptions & { source: string[] },
  context: CommandContext,
  progress: Progress,
): Promise<MapContent> {
  const { stack, cwd: folder, source } = options;
  const states = await readStates(options, context, progress);
  const cwd = path.resolve(context.cwd, folder);
  const settings = await readSettings({ stacks: stack, cwd, env: context.env });
  const selection = { stacks: stack, sources: source };
  const { live } = await readOrganizations(settings, selection, context, progress);
  const unchecked = live.organizations.flatMap((organization) =>
    organization.checked ? [] : [`NOT CHECKED: ${organization.names.join(", ")}: ${organization.reason}`],
  );
  if (unchecked.length === live.organizations.length && live.connections.length === 0) {
    throw new Error(unchecked.join("\n"));
  }
  const { stacks, managed } = states;
  const hasStates = stacks.length > 0;
  const compared = source.length === 0 ? managed : omitUnselected(managed, live);
  const inventory = buildInventory(live, hasStates ? compared : undefined, Date.now());
  const { rows, missing, unverified, multipleOwners, complete } = inventory;
  const unreadResources = formatUnreadableResources(states);
  const notDrawn =
    missing.length === 0
      ? []
      : [
          `NOT DRAWN (not live): ${formatCount(missing.length, "connection")} of the given states. For details, run ` +
            "`datadog-org-connections inventory` with these states.",
        ];
  return {
    topology: buildTopology(toLiveRows(rows), hasStates ? stacks : undefined),
    title: formatTitle(live.organizations.map(({ name, names }) => name ?? names[0] ?? "")),
    warnings: [
      ...unchecked,
      ...unreadResources,
      ...unverified.map(
        ({ id, managedBy }) =>
          `NOT VERIFIED: ${managedBy.location}: ${managedBy.resource} (${id}): ${UNVERIFIED_REASON}.`,
      ),
      ...notDrawn,
      ...multipleOwners.map(formatRemark),
    ],
    complete,
  };
}

/**
 * Omits managed connections that would be reported as not verified, usually because `--source` does not select their organizations.
 * An omitted connection meets all of these conditions:
 *
 * - It is not live.
 * - The state shows its source or destination.
 * - No organization that the state shows for it was checked.
 *
 * The report names each selected organization that could not be checked.
 */
function omitUnselected(managed: ManagedConnections, live: LiveConnections): ManagedConnections {
  const liveIds = new Set(live.connections.map(({ id }) => id));
  const isOfCheckedOrganization = createCheckedFilter(live.organizations);
  const connections = managed.connections.filter((connection) => {
    const { id, sourceOrgId, sinkOrgId } = connection;
    const hasUnknownEnds = sourceOrgId === undefined && sinkOrgId === undefined;
    return hasUnknownEnds || isOfCheckedOrganization(connection) || liveIds.has(id.toLowerCase());
  });
  return { ...managed, connections };
}

function formatTitle(names: readonly string[]): string {
  return names.length > MAX_NAMED
    ? `Live connections of ${formatCount(names.length, "organization")}`
    : `Live connections of ${names.join(", ")}`;
}
