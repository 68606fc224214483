import path from "node:path";
import { joinManaged, managedConnections, NOT_READ, stackOf, type Managed } from "../../stack/managed.js";
import { exportStack } from "../../stack/pulumi.js";
import { readState } from "../../stack/read-state.js";
import { managedRows } from "../../topology/managed-rows.js";
import { topologyOf } from "../../topology/rows.js";
import type { Topology } from "../../topology/topology.js";
import type { CommandContext } from "../../shared/command.js";
import type { Progress } from "../../shared/progress.js";

/** Where states are. */
export interface StatesPlace {
  /** Files; `-` is standard input. */
  state: string[];
  /** Stacks, as their users name them. */
  stack: string[];
  /** The folder of the stacks' project. */
  cwd: string;
}

/** What is to be drawn. */
export interface ReadTopology {
  topology: Topology;
  /** What it is a picture of. */
  title: string;
  /** What the picture does not show, a line each. */
  remarks: string[];
  /** False: an organization could not be looked at, or a resource of a stack not be read. */
  complete: boolean;
}

/** What the states say; `stacks` are the names of those that were read. */
export interface States {
  stacks: string[];
  managed: Managed;
}

/** What of the stacks the picture does not show, since their states do not tell it. */
export const unreadRemarks = ({ managed }: States): string[] =>
  managed.unreadable.map(({ urn, name }) => `NOT READ: ${stackOf(urn)}: ${name}: ${NOT_READ}.`);

/** What the states of stacks say. Throws when one cannot be read. */
export async function readStateTopology(
  options: StatesPlace,
  context: CommandContext,
  progress: Progress,
): Promise<ReadTopology> {
  const states = await readStates(options, context, progress);
  const remarks = unreadRemarks(states);
  return {
    topology: topologyOf(managedRows(states.managed.connections), states.stacks),
    title: `Connections of ${states.stacks.join(", ")}`,
    remarks,
    complete: remarks.length === 0,
  };
}

/** Reads states from files, from standard input and from the backends of stacks. */
export async function readStates(
  { state, stack, cwd }: StatesPlace,
  context: CommandContext,
  progress: Progress,
): Promise<States> {
  const stacks: string[] = [];
  const all: Managed[] = [];
  const add = (exported: unknown, called: string, name?: string) => {
    const found = managedConnections(exported, name);
    // A state without a connection does not tell whose it is.
    const [first] = [...found.connections, ...found.unreadable];
    stacks.push(first ? stackOf(first.urn) : called);
    all.push(found);
  };
  for (const file of state) {
    const { value, name } = await readState(file, context);
    add(value, file === "-" ? "standard input" : path.basename(file), name);
  }
  for (const name of stack) {
    progress.at(`reading the state of ${name}`);
    add(await exportStack({ stack: name, cwd: path.resolve(context.cwd, cwd), env: context.env }), name);
  }
  return { stacks: [...new Set(stacks)], managed: joinManaged(all) };
}
