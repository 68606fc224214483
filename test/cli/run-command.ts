import { Readable } from "node:stream";
import { run } from "../../cli/src/run.js";

/** What a command did: its exit code and all it printed. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Where a command runs, and what it reads. */
export interface RunOptions {
  env?: Record<string, string | undefined>;
  cwd?: string;
  stdin?: string | Uint8Array;
  /** Standard input is a terminal, at which nobody types. */
  isTerminal?: boolean;
  signal?: AbortSignal;
  /** Told of all that was printed so far, at each write. */
  onStdout?: (soFar: string) => void;
}

/** Runs a command of `datadog-org-connections` in this process. */
export async function runCommand(args: string[], options: RunOptions = {}): Promise<Ran> {
  let stdout = "";
  let stderr = "";
  const code = await run(args, {
    stdout: {
      write(text) {
        stdout += text;
        options.onStdout?.(stdout);
      },
    },
    stderr: { write: (text) => (stderr += text) },
    stdin: options.isTerminal ? terminal() : Readable.from([options.stdin ?? ""]),
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    signal: options.signal ?? new AbortController().signal,
  });
  return { code, stdout, stderr };
}

/** Whoever reads it waits for ever. */
const terminal = () => Object.assign(new Readable({ read: () => undefined }), { isTTY: true });
