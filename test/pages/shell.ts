/** A terminal in a temporary project: real bash, the real Pulumi CLI, the command line, and a sandbox. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect } from "vitest";
import { createIsolatedEnv } from "../../tools/pulumi-env.mjs";
import { splitCommands } from "./commands.js";
import { createClone, createProject, type Project } from "./project.js";

/** Where the set-up finds the Pulumi CLI that it has installed before. */
const CACHE = process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");

/** PATH without the folders that npm adds for a script. */
const getUsersPath = (): string =>
  (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => !folder.includes("node_modules"))
    .join(path.delimiter);

/** What the commands of a block printed, standard output and standard error together. */
export interface ShellRun {
  /** The exit code of the last command. */
  code: number;
  output: string;
}

export interface RunOptions {
  /** The exit codes that each command may have. Default: 0. */
  codes?: readonly number[];
  /** What the user types into the commands. Default: nothing. */
  input?: string;
}

/** One terminal. Its variables and its working directory last from block to block. */
export class Shell {
  private readonly bash: ChildProcess;
  private readonly exitCodes: AsyncIterator<string>;
  private runs = 0;

  constructor(
    readonly project: Project,
    env: Record<string, string> = {},
  ) {
    const environment = createIsolatedEnv({
      home: path.join(project.outside, "home"),
      backendDir: path.join(project.outside, "backend"),
      binDir: "",
      // Without the settings and commands of the test runner.
      base: { PATH: getUsersPath(), HOME: project.outside, TMPDIR: process.env["TMPDIR"] },
      extra: { PULUMI_SKIP_CONFIRMATIONS: "true", ...env },
    });
    const PATH = [...project.binDirs, path.dirname(process.execPath), environment["PATH"]].join(
      path.delimiter,
    );
    this.bash = spawn("bash", ["--noprofile", "--norc"], {
      cwd: project.folder,
      env: { ...environment, PATH },
      // A group of its own, so that `dispose` also ends what the user has started in the background.
      detached: true,
      stdio: ["pipe", "ignore", "inherit", "pipe"],
    });
    this.bash.stdin?.write("set -o pipefail\n");
    const input = this.bash.stdio[3] as NodeJS.ReadableStream;
    this.exitCodes = createInterface({ input })[Symbol.asyncIterator]();
  }

  /** Runs a block, command by command, and expects that each succeeds. */
  async run(block: string, { codes = [0], input = "" }: RunOptions = {}): Promise<ShellRun> {
    let output = "";
    let code = 0;
    for (const command of splitCommands(block)) {
      const ran = await this.runCommand(command, input);
      expect(codes, `${command}\n${ran.output}`).toContain(ran.code);
      output += ran.output;
      code = ran.code;
    }
    return { code, output };
  }

  private async runCommand(command: string, input: string): Promise<ShellRun> {
    const name = path.join(this.project.outside, `command-${this.runs++}`);
    writeFileSync(name, `${command}\n`);
    writeFileSync(`${name}.in`, input);
    this.bash.stdin?.write(`. ${name} < ${name}.in > ${name}.out 2>&1; echo $? >&3\n`);
    const exitCode = await this.exitCodes.next();
    const output = readFileSync(`${name}.out`, "utf8");
    if (exitCode.done === true) throw new Error(`the shell has ended\n${command}\n${output}`);
    return { code: Number(exitCode.value), output };
  }

  /** Ends the shell and all that it has started, and removes the project. */
  async dispose(): Promise<void> {
    if (this.bash.exitCode === null && this.bash.pid !== undefined) {
      process.kill(-this.bash.pid, "SIGKILL");
      await once(this.bash, "exit");
    }
    this.project.dispose();
  }
}

/** Creates shells for the tests of one file. They are removed after each test. */
export function useShells() {
  const shells: Shell[] = [];
  afterEach(() => Promise.all(shells.splice(0).map((shell) => shell.dispose())));
  /** Creates a shell in a project with these files. `env` has the keys, and what else a user has set before. */
  const createShell = (files: Record<string, string> = {}, env: Record<string, string> = {}): Shell =>
    add(new Shell(createProject(files), env));
  /** Creates a shell in a clone of the repository. */
  const createShellInClone = (): Shell => add(new Shell(createClone(), { XDG_CACHE_HOME: CACHE }));
  const add = (shell: Shell): Shell => {
    shells.push(shell);
    return shell;
  };
  return { createShell, createShellInClone };
}
