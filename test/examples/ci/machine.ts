import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isolatedEnv } from "../../../tools/pulumi-env.mjs";
import { ROOT } from "../../tree.js";

/** What one step did. */
export interface Ran {
  code: number;
  /** Standard output and standard error, in the order in which they came. */
  output: string;
  stdout: string;
  stderr: string;
}

/** Variables of a run; `undefined` takes one away. */
export type Variables = Record<string, string | undefined>;

/** Node's own pipes are sockets; those of a runner can be opened by any process of the same user. */
const AS_PIPES = 'bash "$@" > >(cat) 2> >(cat >&2)';

/** A machine on which scripts of CI run: folders of its own, and nothing of the caller's settings and credentials. */
export class Machine {
  /** Outside of the checkout, and empty at first. */
  readonly temp: string;
  private readonly home: string;

  constructor(
    folder: string,
    /** Where scripts run. */
    readonly workspace = path.join(folder, "workspace"),
  ) {
    this.temp = path.join(folder, "temp");
    this.home = path.join(folder, "home");
    for (const name of [this.workspace, this.temp, this.home]) mkdirSync(name, { recursive: true });
  }

  /** Clones a branch into the workspace. */
  checkout(origin: string, branch: string): void {
    runGit(this.workspace, "clone", "--quiet", "--branch", branch, origin, ".");
  }

  /** Puts the command line where `npm ci` puts it. The packages of this tree serve as the others. */
  install(folder = this.workspace): void {
    mkdirSync(path.join(folder, "node_modules/.bin"), { recursive: true });
    const bin = path.join(folder, "node_modules/.bin/datadog-org-connections");
    writeFileSync(bin, `#!/bin/sh\nexec node "${ROOT}/cli/dist/main.js" "$@"\n`);
    chmodSync(bin, 0o755);
  }

  /** Runs a script in bash, from a file, as a runner does. */
  bash(script: string, flags: string[], variables: Variables): Promise<Ran> {
    const file = path.join(this.home, "step.sh");
    writeFileSync(file, script);
    return new Promise((resolve, reject) => {
      const child = spawn("bash", ["-c", AS_PIPES, "bash", ...flags, file], {
        cwd: this.workspace,
        env: this.environment(variables),
        stdio: ["ignore", "pipe", "pipe"],
      });
      const ran: Ran = { code: -1, output: "", stdout: "", stderr: "" };
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

  private environment(variables: Variables): NodeJS.ProcessEnv {
    return isolatedEnv({
      home: path.join(this.home, "pulumi"),
      backendDir: this.home,
      binDir: process.env["PULUMI_TEST_BIN"] ?? "",
      extra: {
        HOME: this.home,
        // `tsc` of this tree checks the types of the program; here that would take longer than the preview.
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
        // npm does not speak of its newer versions in a CI, and not in here.
        NPM_CONFIG_UPDATE_NOTIFIER: "false",
        // A machine of a CI knows neither, unless the recipe says it.
        PULUMI_BACKEND_URL: undefined,
        PULUMI_CONFIG_PASSPHRASE: undefined,
        ...variables,
      },
    });
  }
}

/** Runs git without the user's own settings. */
export function runGit(folder: string, ...args: string[]): void {
  const identity = ["-c", "user.name=Ann", "-c", "user.email=ann@acme.example"];
  execFileSync("git", [...identity, ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
