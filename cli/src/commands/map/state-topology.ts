import path from "node:path";
import {
  joinManaged,
  readManagedConnections,
  type ManagedConnections,
  reportMultipleOwners,
} from "../../stack/managed.js";
import { formatResourceRef, UNREADABLE_REASON } from "../../stack/resources.js";
import { formatRemark } from "../../shared/remark.js";
import { exportStack } from "../../stack/pulumi.js";
import { readState } from "../../stack/formats.js";
import { toManagedRows, buildTopology } from "../../topology/build-topology.js";
import type { Topology } from "../../topology/topology.js";
import type { CommandContext } from "../../shared/command.js";
import type { Progress } from "../../shared/progress.js";

/** The options that select the states to read. */
export interface StateOptions {
  /** State files. `-` is standard input. */
  state: string[];
  /** Stack names, as the user passed them. */
  stack: string[];
  /** The folder of the project of the stacks. */
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

/** What states contain. */
export interface States {
  /** For each state, the name of its stack or file, without duplicates. */
  stacks: string[];
  managed: ManagedConnections;
}

/**
 * Formats a warning about each resource whose connections cannot be read completely. The picture omits the connections that the
 * state does not show. With `--live`, the picture may show these connections as unmanaged instead.
 */
export const formatUnreadableResources = ({ managed }: States): string[] =>
  managed.unreadable.map((resource) => `NOT READ: ${formatResourceRef(resource)}: ${UNREADABLE_REASON}.`);

/**
 * Reads the connections that the given states manage.
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

/** Reads states from files, from standard input and from the backends of stacks. @throws if a state cannot be read */
export async function readStates(
  { state, stack, cwd }: StateOptions,
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
