import path from "node:path";
import { inventoryOf } from "../../live/inventory.js";
import { readSettings } from "../../live/read-stacks.js";
import { liveRows } from "../../topology/live-rows.js";
import { topologyOf } from "../../topology/rows.js";
import { formatCount } from "../../shared/text.js";
import type { CommandContext } from "../../shared/command.js";
import { readStates, unreadRemarks, type ReadTopology, type StatesPlace } from "./state-topology.js";
import type { Progress } from "../../shared/progress.js";
import { readOrganizations } from "../../live/read-organizations.js";

/** So many organizations are named in a title. */
const MOST_NAMED = 3;

/**
 * What is live in the configured organizations, or in those that `source` names; states tell what is managed. Throws when
 * a state cannot be read, or no organization at all.
 */
export async function readLiveTopology(
  options: StatesPlace & { source: string[] },
  context: CommandContext,
  progress: Progress,
): Promise<ReadTopology> {
  const { stack, cwd: folder, source } = options;
  const states = await readStates(options, context, progress);
  const cwd = path.resolve(context.cwd, folder);
  const settings = await readSettings({ stacks: stack, cwd, env: context.env });
  const asked = { stacks: stack, sources: source };
  const { live } = await readOrganizations(settings, asked, context, progress);
  const holes = live.organizations.flatMap((one) =>
    one.checked ? [] : [`NOT looked at: ${one.names.join(", ")}. ${one.reason}`],
  );
  if (holes.length === live.organizations.length && live.connections.length === 0) {
    throw new Error(holes.join("\n"));
  }
  const { stacks, managed } = states;
  const known = stacks.length > 0;
  const { rows, missing } = inventoryOf(live, known ? managed : undefined, Date.now());
  const unread = unreadRemarks(states);
  const gone =
    missing.length === 0
      ? []
      : [
          `${formatCount(missing.length, "connection")} of the stacks, not live, not drawn: see \`inventory\`.`,
        ];
  return {
    topology: topologyOf(liveRows(rows), known ? stacks : undefined),
    title: titleOf(live.organizations.map(({ name, names }) => name ?? names[0] ?? "")),
    remarks: [...holes, ...unread, ...gone],
    complete: holes.length + unread.length === 0,
  };
}

function titleOf(names: readonly string[]): string {
  return names.length > MOST_NAMED
    ? `Live connections of ${names.length} organizations`
    : `Live connections of ${names.join(", ")}`;
}
