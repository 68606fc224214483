import path from "node:path";
import { joinManaged, managedConnections, NOT_READ, stackOf, type Managed } from "../../stack/managed.js";
import { exportStack } from "../../stack/pulumi.js";
import { readState } from "../../stack/read-state.js";
import { managedRows } from "../../topology/managed-rows.js";
import { topologyOf } from "../../topology/rows.js";
import type { Topology } from "../../topology/topology.js";
import type { CommandContext } from "../../shared/command.js";
import type { MapOptions } from "./command.js";
import { Progress } from "../../shared/progress.js";

/** What is to be drawn. */
export interface Read {
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

/**
 * Reads states and live organizations. With both, what is live is drawn, and the states tell what is managed. Throws
 * when a state cannot be read, or no organization at all.
 */
export async function readTopology(options: MapOptions, context: CommandContext): Promise<Read> {
  const progress = new Progress(context);
  try {
    const states = await readStates(options, context, progress);
    if (options.live === true) {
      const { readLiveTopology } = await import("./live.js");
      return await readLiveTopology(options, states, context, progress);
    }
    const remarks = unreadRemarks(states);
    return {
      topology: topologyOf(managedRows(states.managed.connections), states.stacks),
      title: `Connections of ${states.stacks.join(", ")}`,
      remarks,
      complete: remarks.length === 0,
    };
  } finally {
    progress.end();
  }
}

async function readStates(
  { state, stack, cwd }: MapOptions,
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
