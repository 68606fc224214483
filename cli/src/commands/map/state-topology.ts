import path from "node:path";
import { joinManaged, readManagedConnections, type ManagedConnections } from "../../stack/managed.js";
import { formatResourceRef, UNREADABLE_REASON } from "../../stack/resources.js";
import { formatRemark } from "../../shared/remark.js";
import { reportMultipleOwners } from "../../stack/multiple-owners.js";
import { exportStack } from "../../stack/pulumi.js";
import { readState } from "../../stack/read-state.js";
import { toManagedRows } from "../../topology/managed-rows.js";
import { buildTopology } from "../../topology/build-topology.js";
import type { Topology } from "../../topology/topology.js";
import type { CommandContext } from "../../shared/command.js";
import type { Progress } from "../../shared/progress.js";

/** The options that select the states to read. */
export interface StateOptions {
  /** State files. `-` is standard input. */
  state: string[];
  /** Stack names, as the user passed them. */
  stack: string[];
  /** The folder of the project. */
  cwd: string;
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

/** The content of the states that were read, and the names of their stacks or files. */
export interface States {
  stacks: string[];
  managed: ManagedConnections;
}

/**
 * Formats warnings about resources whose connections cannot all be read. The picture omits these connections, or, with `--live`, may
 * show them as unmanaged.
 */
export const formatUnreadableResources = ({ managed }: States): string[] =>
  managed.unreadable.map((resource) => `NOT READ: ${formatResourceRef(resource)}: ${UNREADABLE_REASON}.`);

/**
 * Reads the connections in the states of stacks.
 *
 * @throws if a state cannot be read
 */
export async function readStateTopology(
  options: StateOptions,
  context: CommandContext,
  progress: Progress,
): Promise<MapContent> {
  const states = await readStates(options, context, progress);
  const unreadResources = formatUnreadableResources(states);
  return {
    topology: buildTopology(toManagedRows(states.managed.connections), states.stacks),
    title: `Connections of ${states.stacks.join(", ")}`,
    warnings: [...unreadResources, ...reportMultipleOwners(states.managed.connections).map(formatRemark)],
    complete: unreadResources.length === 0,
  };
}

/** Reads states from files, from standard input and from the backends of stacks. */
export async function readStates(
  { state, stack, cwd }: StateOptions,
  context: CommandContext,
  progress: Progress,
): Promise<States> {
  const stacks: string[] = [];
  const all: ManagedConnections[] = [];
  const add = (exported: unknown, fallbackStackName: string, inputName?: string) => {
    const found = readManagedConnections(exported, inputName);
    // A connection or an unreadable resource shows the stack, or the file of a Terraform state. A state without any gets the fallback.
    const [first] = [...found.connections, ...found.unreadable];
    stacks.push(first?.location ?? fallbackStackName);
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
