import path from "node:path";
import { inventoryOf } from "../live/inventory.js";
import { configuredOrganizations } from "../live/organizations.js";
import { readLive } from "../live/read.js";
import { readSettings } from "../live/settings.js";
import { liveRows } from "../topology/live-rows.js";
import { topologyOf } from "../topology/rows.js";
import { counted } from "../topology/words.js";
import { chosen } from "./chosen-organizations.js";
import type { CommandContext } from "./command.js";
import type { MapOptions } from "./map-command.js";
import type { Read, States } from "./map-sources.js";
import type { Progress } from "./progress.js";
import { noOrganization } from "./take-inventory.js";

/** So many organizations are named in a title. */
const MOST_NAMED = 3;

/** What is live in the configured organizations, or in those that `--source` names; states tell what is managed. */
export async function readLiveTopology(
  { stack, cwd, source }: MapOptions,
  { stacks, connections }: States,
  { env, signal, cwd: here }: CommandContext,
  progress: Progress,
): Promise<Read> {
  const settings = await readSettings({ stacks: stack, cwd: path.resolve(here, cwd), env });
  const configured = configuredOrganizations(settings, (message) => progress.at(message));
  if (configured.length === 0) throw noOrganization(stack);
  const live = await readLive(chosen(configured, source), {
    onProgress: (done, of) => progress.at(`read ${done} of ${of} organizations`),
    signal,
  });
  const holes = live.organizations.flatMap((one) =>
    one.checked ? [] : [`NOT looked at: ${one.names.join(", ")}. ${one.reason}`],
  );
  if (holes.length === live.organizations.length) throw new Error(holes.join("\n"));
  const known = stacks.length > 0;
  const { rows, missing } = inventoryOf(live, known ? connections : undefined, Date.now());
  const gone =
    missing.length === 0
      ? []
      : [`${counted(missing.length, "connection")} of the stacks, not live, not drawn: see \`inventory\`.`];
  return {
    topology: topologyOf(liveRows(rows), known ? stacks : undefined),
    title: titleOf(live.organizations.map(({ name, names }) => name ?? names[0] ?? "")),
    remarks: [...holes, ...gone],
    complete: holes.length === 0,
  };
}

function titleOf(names: readonly string[]): string {
  return names.length > MOST_NAMED
    ? `Live connections of ${names.length} organizations`
    : `Live connections of ${names.join(", ")}`;
}
