import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createIsolatedEnv } from "../../../tools/pulumi-env.mjs";
import { ROOT } from "../../tree.js";

/** The result of one step. */
export interface ScriptResult {
  code: number;
  /** Standard output and standard error, in order. */
  output: string;
  stdout: string;
  stderr: string;
}

/** Environment variables of a run; `undefined` removes one. */
export type Variables = Record<string, string | undefined>;

/** Uses pipes, as a runner does, which any process of the same user can open. Node would use sockets. */
const AS_PIPES = 'bash "$@" > >(cat) 2> >(cat >&2)';

/** A machine for CI scripts, with its own folders and without the caller's settings and credentials. */
export class Machine {
  /** A folder outside of the clone, initially empty. */
  readonly temp: string;
  private readonly home: string;

  constructor(
    folder: string,
    /** The working directory of scripts. */
    readonly workspace = path.join(folder, "workspace"),
  ) {
    this.temp = path.join(folder, "temp");
    this.home = path.join(folder, "home");
    for (const name of [this.workspace, this.temp, this.home]) mkdirSync(name, { recursive: true });
  }

  /** Clones a branch into the workspace. */
  checkOut(origin: string, branch: string): void {
    runGit(this.workspace, "clone", "--quiet", "--branch", branch, origin, ".");
  }

  /** Installs the command line where `npm ci` does. The other packages are those of this repository. */
  installCommandLine(folder = this.workspace): void {
    mkdirSync(path.join(folder, "node_modules/.bin"), { recursive: true });
    const bin = path.join(folder, "node_modules/.bin/datadog-org-connections");
    writeFileSync(bin, `#!/bin/sh\nexec node "${ROOT}/cli/dist/main.js" "$@"\n`);
    chmodSync(bin, 0o755);
  }

  /** Runs a script from a file with bash, as a runner does. */
  runBash(script: string, flags: string[], variables: Variables): Promise<ScriptResult> {
    const file = path.join(this.home, "step.sh");
    writeFileSync(file, script);
    return new Promise((resolve, reject) => {
      const child = spawn("bash", ["-c", AS_PIPES, "bash", ...flags, file], {
        cwd: this.workspace,
        env: this.createEnvironment(variables),
        stdio: ["ignore", "pipe", "pipe"],
      });
      const ran: ScriptResult = { code: -1, output: "", stdout: "", stderr: "" };
      for (const name of ["stdout", "stderr"] as const) {
        child[name].setEncoding("utf8").on("data", (chunk: string) => {
          ran[name] += chunk;
          ran.output += chunk;
        });
      }
      child.on("error", reject);
      child.on("close", (code) => resolve({ ...ran, code: code ?? -1 }));
    });
  }

  private createEnvironment(variables: Variables): NodeJS.ProcessEnv {
    return createIsolatedEnv({
      home: path.join(this.home, "pulumi"),
      backendDir: this.home,
      binDir: process.env["PULUMI_TEST_BIN"] ?? "",
      extra: {
        HOME: this.home,
        // Other checks cover the types of the program. Here, type checking would take longer than the
        // preview.
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
        // In CI, npm does not report newer versions of itself.
        NPM_CONFIG_UPDATE_NOTIFIER: "false",
        // A CI machine has neither, unless the recipe sets it.
        PULUMI_BACKEND_URL: undefined,
        PULUMI_CONFIG_PASSPHRASE: undefined,
        ...variables,
      },
    });
  }
}

/** Runs git without the settings of the user. */
export function runGit(folder: string, ...args: string[]): void {
  const identity = ["-c", "user.name=Ann", "-c", "user.email=ann@acme.example"];
  execFileSync("git", [...identity, ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
