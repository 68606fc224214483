import { Readable } from "node:stream";
import { run } from "../../cli/src/run.js";

/** The exit code of a command, and its output. */
export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** The environment and the input of a command. */
export interface RunOptions {
  env?: Record<string, string | undefined>;
  cwd?: string;
  stdin?: string | Uint8Array;
  /** Standard input is a terminal without input. */
  isTerminal?: boolean;
  signal?: AbortSignal;
  /** Standard output is a terminal of this width. */
  columns?: number | undefined;
  /** This terminal has colors. */
  isColored?: boolean;
  /** Called with the complete output so far, at each write. */
  onStdout?: (soFar: string) => void;
}

/** Runs a command of `datadog-org-connections` in this process. */
export async function runCommand(args: string[], options: RunOptions = {}): Promise<CommandResult> {
  let stdout = "";
  let stderr = "";
  const code = await run(args, {
    stdout: {
      write(text) {
        stdout += text;
        options.onStdout?.(stdout);
      },
      columns: options.columns,
      isColored: options.isColored ?? false,
    },
    stderr: { write: (text) => (stderr += text) },
    stdin: options.isTerminal ? createTerminal() : Readable.from([options.stdin ?? ""]),
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    signal: options.signal ?? new AbortController().signal,
  });
  return { code, stdout, stderr };
}

/** A read of it never ends. */
const createTerminal = () => Object.assign(new Readable({ read: () => undefined }), { isTTY: true });
