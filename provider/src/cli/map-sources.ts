import { readFile } from "node:fs/promises";
import path from "node:path";
import { Sessions } from "../hosts/sessions.js";
import { labelOf } from "../credentials/resolve.js";
import type { Connection } from "../client/parse.js";
import { managedConnections, stackOf, type ManagedConnection } from "../stack/managed.js";
import { exportStack, readConfig } from "../stack/pulumi.js";
import { rowsOfStack } from "../topology/managed-rows.js";
import { topologyOf, type ConnectionRow } from "../topology/rows.js";
import type { Topology } from "../topology/topology.js";
import type { CommandContext } from "./command.js";
import type { MapOptions } from "./map-command.js";
import { Progress } from "./progress.js";

/** What is to be drawn. */
export interface Read {
  topology: Topology;
  /** What it is a picture of. */
  title: string;
  /** One message for each organization that could not be looked at. */
  missed: string[];
}

/** A stack's connections, and its name. */
interface StackRead {
  name: string;
  connections: ManagedConnection[];
}

/**
 * Reads states and live organizations. Live rows come first: what they say holds, and the states tell what is managed.
 * Throws when a state cannot be read, or no organization at all.
 */
export async function readTopology(options: MapOptions, context: CommandContext): Promise<Read> {
  const progress = new Progress(context.stderr);
  try {
    const stacks = await readStacks(options, context, progress);
    const names = stacks.map(({ name }) => name);
    const managed = stacks.flatMap(({ connections, name }) => rowsOfStack(connections, name));
    const looked = names.length > 0 ? names : undefined;
    if (options.live !== true) {
      return {
        topology: topologyOf(managed, looked),
        title: `Connections of ${names.join(", ")}`,
        missed: [],
      };
    }
    const { rows, labels, missed } = await readLive(options, context, progress);
    const title = `Live connections of ${labels.join(", ")}`;
    // Of what the states hold, only what is live is drawn.
    const live = new Set(rows.map(({ id }) => id));
    return {
      topology: topologyOf([...rows, ...managed.filter(({ id }) => live.has(id))], looked),
      title,
      missed,
    };
  } finally {
    progress.end();
  }
}

async function readStacks(
  { state, stack, cwd }: MapOptions,
  context: CommandContext,
  progress: Progress,
): Promise<StackRead[]> {
  const read: StackRead[] = [];
  for (const file of state) {
    const connections = managedConnections(parsed(await textOf(file, context), file));
    read.push({
      name: stackOf(connections) ?? (file === "-" ? "standard input" : path.basename(file)),
      connections,
    });
  }
  for (const name of stack) {
    progress.at(`reading the state of ${name}`);
    const place = { stack: name, cwd: path.resolve(context.cwd, cwd), env: context.env };
    const connections = managedConnections(await exportStack(place));
    read.push({ name: stackOf(connections) ?? name, connections });
  }
  return read;
}

async function textOf(file: string, { stdin, cwd }: CommandContext): Promise<string> {
  if (file === "-") {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stdin) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    return Buffer.concat(chunks).toString("utf8");
  }
  try {
    return await readFile(path.resolve(cwd, file), "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${file} could not be read${code === undefined ? "" : ` (${code})`}.`, { cause: error });
  }
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const what = file === "-" ? "Standard input" : file;
    throw new Error(`${what} is no JSON: it should hold what \`pulumi stack export\` prints.`, {
      cause: error,
    });
  }
}

async function readLive(
  { source, stack, cwd }: MapOptions,
  context: CommandContext,
  progress: Progress,
): Promise<{ rows: ConnectionRow[]; labels: string[]; missed: string[] }> {
  const [first] = stack;
  const config =
    first === undefined
      ? {}
      : await readConfig({ stack: first, cwd: path.resolve(context.cwd, cwd), env: context.env });
  const sessions = new Sessions(
    () => ({ config: (key) => config[key], env: context.env }),
    (message) => progress.at(message),
  );
  const wanted = source.length > 0 ? [...new Set(source)] : [undefined];
  let done = 0;
  const results = await Promise.allSettled(
    wanted.map(async (name) => {
      const { connections } = await sessions.for(name).listing();
      progress.at(`${++done} of ${wanted.length} organizations read`);
      return connections;
    }),
  );
  const missed = results.flatMap((result, at) =>
    result.status === "rejected"
      ? [`Not looked at: ${labelOf(wanted[at])}. ${messageOf(result.reason)}`]
      : [],
  );
  if (missed.length === wanted.length) throw new Error(missed.join("\n"));
  const rows = results.flatMap((result) => (result.status === "fulfilled" ? result.value.map(liveRow) : []));
  return { rows, labels: wanted.map((name) => name ?? "the default organization"), missed };
}

const messageOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

function liveRow({ id, source, sink, connectionTypes, createdAt, createdBy }: Connection): ConnectionRow {
  const creator = createdBy?.name ?? createdBy?.id;
  return {
    id,
    source: source ?? { id: "unknown source" },
    sink: sink ?? { id: "unknown sink" },
    types: connectionTypes,
    createdAt,
    ...(creator !== undefined && { createdBy: creator }),
  };
}
