import { spawn, type ChildProcessByStdio } from "node:child_process";
import path from "node:path";
import type { Readable } from "node:stream";
import { ROOT } from "../tree.js";

const MAIN = path.join(ROOT, "cli/dist/main.js");

/** How the built command ended, and what it printed. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A run of the built command that may still be going on. */
export interface BuiltRun {
  child: ChildProcessByStdio<null, Readable, Readable>;
  ended: Promise<Ended>;
}

/** How a run differs from a plain one. */
export interface BuiltOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** The built command, where another copy of it is meant. */
  main?: string;
  /**
   * What bash runs in place of the command alone, such as `ulimit -f 8; "$@" > out`. The command and its arguments are
   * `"$@"`.
   */
  shell?: string;
}

/** Starts `datadog-org-connections` as it is built, in a process of its own. */
export function startBuilt(
  args: string[],
  { env = {}, cwd = ROOT, main = MAIN, shell = 'exec "$@"' }: BuiltOptions = {},
): BuiltRun {
  const command = ["-c", shell, "bash", process.execPath, main, ...args];
  const child = spawn("bash", command, {
    cwd,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
}

/** Runs it to its end. */
export const runBuilt = (args: string[], options: BuiltOptions = {}): Promise<Ended> =>
  startBuilt(args, options).ended;
