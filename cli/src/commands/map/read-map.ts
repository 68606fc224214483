import path from "node:path";
import { hasSameTypes } from "datadog-org-connections-core/connection/inputs.js";
import { createCheckedFilter, type LiveConnections, type OrganizationStatus } from "../../live/read-live.js";
import { buildInventory, UNVERIFIED_REASON } from "../../live/inventory.js";
import { readOrganizations, readSettings } from "../../live/read-organizations.js";
import { UsageError, type CommandContext } from "../../shared/command.js";
import { Progress } from "../../shared/progress.js";
import { formatRemark, formatCount } from "../../shared/text.js";
import {
  joinManaged,
  readManagedConnections,
  type ManagedConnection,
  type ManagedConnections,
  reportMultipleOwners,
} from "../../stack/managed.js";
import { exportStack } from "../../stack/pulumi.js";
import { readState } from "../../stack/formats.js";
import { formatResourceRef, UNREADABLE_REASON } from "../../stack/resources.js";
import { buildTopology, toLiveRows, toManagedRows } from "../../topology/build-topology.js";
import type { Topology } from "../../topology/topology.js";

/** What to draw. */
export interface MapScope {
  /** State files. `-` is standard input. */
  state: string[];
  /** Stack names, as the user passed them. */
  stack: string[];
  /** The folder of the project of the stacks. */
  cwd: string;
  /** Whether to draw what is live. Then the states only show what is managed. */
  live?: true;
  /** With `live`: the names of the organizations to read. If empty, all configured organizations are read. */
  source: string[];
}

/** The content of a map. */
export interface MapContent {
  topology: Topology;
  /** The default title. */
  title: string;
  /** For standard error, one line each: what was not checked, read, verified or drawn, and which connections have several owners. */
  warnings: string[];
  /** False if an organization was not checked, a resource of a state was not read, or a connection of a state was not verified. */
  complete: boolean;
}

/** @throws UsageError if the options select nothing to draw, or do not fit together */
export function requireMapScope(scope: MapScope): void {
  if (scope.state.length + scope.stack.length === 0 && scope.live !== true) {
    throw new UsageError("Specify what to draw: --state FILE, --stack NAME, or --live. See --help.");
  }
  if (scope.source.length > 0 && scope.live !== true) {
    throw new UsageError("--source requires --live. See --help.");
  }
}

/**
 * Reads the topology to draw. Shows progress on a terminal.
 *
 * @throws if a state or a configuration cannot be read
 * @throws with `live`, if no organization is configured or in `source`, or if none was checked and no connection was read
 */
export async function readMap(scope: MapScope, context: CommandContext): Promise<MapContent> {
  const progress = new Progress(context);
  try {
    return scope.live === true
      ? await readLiveTopology(scope, context, progress)
      : await readStateTopology(scope, context, progress);
  } finally {
    progress.clear();
  }
}

/** What states contain. */
interface States {
  /** For each state, the name of its stack or file, without duplicates. */
  stacks: string[];
  managed: ManagedConnections;
}

/**
 * Formats a warning about each resource whose connections cannot be read completely. The picture omits the connections that the
 * state does not show. With `--live`, the picture may show these connections as unmanaged instead.
 */
const formatUnreadableResources = ({ managed }: States): string[] =>
  managed.unreadable.map((resource) => `NOT READ: ${formatResourceRef(resource)}: ${UNREADABLE_REASON}.`);

/**
 * Reads the connections that the given states manage.
 *
 * @throws if a state cannot be read
 */
async function readStateTopology(
  options: MapScope,
  context: CommandContext,
  progress: Progress,
): Promise<MapContent> {
  const states = await readStates(options, context, progress);
  const unreadResources = formatUnreadableResources(states);
  return {
    topology: buildTopology(toManagedRows(identifySources(states.managed.connections)), states.stacks),
    title: `Connections of ${states.stacks.join(", ")}`,
    warnings: [...unreadResources, ...reportMultipleOwners(states.managed.connections).map(formatRemark)],
    complete: unreadResources.length === 0,
  };
}

/**
 * Adds the UUID and the name of the source to connections that lack them, if another connection of the same stack has the same
 * credentials and shows them. Otherwise, the map would show one organization as two.
 */
function identifySources(connections: readonly ManagedConnection[]): ManagedConnection[] {
  const getKey = ({ location, source }: ManagedConnection) => JSON.stringify([location, source ?? null]);
  const isIdentified = (one: ManagedConnection) =>
    one.isSourceUnknown !== true && one.sourceOrgId !== undefined;
  const identified = new Map(connections.filter(isIdentified).map((one) => [getKey(one), one]));
  return connections.map((one) => {
    const same =
      one.isSourceUnknown || one.sourceOrgId !== undefined ? undefined : identified.get(getKey(one));
    return same ? { ...one, sourceOrgId: same.sourceOrgId, sourceOrgName: same.sourceOrgName } : one;
  });
}

/** Reads states from files, from standard input and from the backends of stacks. @throws if a state cannot be read */
async function readStates(
  { state, stack, cwd }: MapScope,
  context: CommandContext,
  progress: Progress,
): Promise<States> {
  const stacks: string[] = [];
  const all: ManagedConnections[] = [];
  const add = (exported: unknown, fallbackName: string, inputName?: string) => {
    const found = readManagedConnections(exported, inputName);
    // The location of a resource is its stack, or the file of its Terraform state. If nothing is found, `fallbackName` is used.
    const [first] = [...found.connections, ...found.unreadable];
    stacks.push(first?.location ?? fallbackName);
    all.push(found);
  };
  for (const file of state) {
    const { value, name } = await readState(file, context);
    add(value, file === "-" ? "standard input" : path.basename(file), name);
  }
  for (const name of stack) {
    progress.show(`reading the state of ${name}`);
    add(await exportStack({ stack: name, cwd: path.resolve(context.cwd, cwd), env: context.env }), name);
  }
  return { stacks: [...new Set(stacks)], managed: joinManaged(all) };
}

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
async function readLiveTopology(
  options: MapScope,
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
    topology: markDrift(buildTopology(toLiveRows(rows), hasStates ? stacks : undefined), managed),
    title: formatTitle(live.organizations),
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

/** Marks the live connections whose types differ from those of a state that manages them. */
function markDrift(topology: Topology, { connections }: ManagedConnections): Topology {
  const declared = new Map<string, string[][]>();
  for (const { id, connectionTypes, typesUnspecified } of connections) {
    if (!connectionTypes || typesUnspecified) continue;
    declared.set(id.toLowerCase(), [...(declared.get(id.toLowerCase()) ?? []), connectionTypes]);
  }
  return {
    ...topology,
    connections: topology.connections.map((connection) => {
      const all = declared.get(connection.id ?? "") ?? [];
      const declaredTypes = all.find((types) => !hasSameTypes(types, connection.connectionTypes));
      return declaredTypes ? { ...connection, declaredTypes } : connection;
    }),
  };
}

/** Formats the default title of live connections. An organization with several credentials counts once. */
function formatTitle(organizations: readonly OrganizationStatus[]): string {
  const named = new Map(
    organizations.map(({ id, name, names: [first = ""] }) => [id ?? first, name ?? first]),
  );
  return named.size > MAX_NAMED
    ? `Live connections of ${formatCount(named.size, "organization")}`
    : `Live connections of ${[...named.values()].join(", ")}`;
}
