import { spawn, type ChildProcessByStdio } from "node:child_process";
import path from "node:path";
import type { Readable } from "node:stream";
import { ROOT } from "../tree.js";

const MAIN = path.join(ROOT, "cli/dist/main.js");

/** How the built command exited, and what it printed. */
export interface BuiltResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A run of the built command that may be unfinished. */
export interface BuiltRun {
  child: ChildProcessByStdio<null, Readable, Readable>;
  result: Promise<BuiltResult>;
}

/** Options of a run. */
export interface BuiltOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** The built command, if it is another copy. */
  main?: string;
  /** The arguments of Node, before the command. */
  nodeArguments?: string[];
  /**
   * What bash runs instead of the command, such as `ulimit -f 8; "$@" > out`. `"$@"` is the command with its arguments.
   */
  shell?: string;
}

/** Starts the built `datadog-org-connections` in its own process. */
export function startBuilt(
  args: string[],
  { env = {}, cwd = ROOT, main = MAIN, nodeArguments = [], shell = 'exec "$@"' }: BuiltOptions = {},
): BuiltRun {
  const command = ["-c", shell, "bash", process.execPath, ...nodeArguments, main, ...args];
  const child = spawn("bash", command, {
    cwd,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const result = new Promise<BuiltResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, result };
}

/** Runs the built command until it exits. */
export const runBuilt = (args: string[], options: BuiltOptions = {}): Promise<BuiltResult> =>
  startBuilt(args, options).result;
