import { execFile, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach } from "vitest";
import type { SandboxOptions } from "../../provider/src/sandbox/index.js";
import { isolatedEnv } from "../../tools/pulumi-env.mjs";
import { useEngine } from "../engine/stack.js";
import { CommentServer, type Service } from "./comment-server.js";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** The recipes, as a repository that has adopted them. */
const RECIPES = path.join(ROOT, "examples/ci");
/** With which the state of the stack is encrypted. */
const PASSPHRASE = "secret";

/** What one step did. */
export interface Ran {
  code: number;
  output: string;
}

/** A checkout of the recipes in a folder of its own, with a backend, and the command line where `npm ci` puts it. */
export class Project {
  readonly folder: string;
  readonly backend: string;

  private constructor() {
    mkdirSync(path.join(ROOT, ".local/ci"), { recursive: true });
    this.folder = mkdtempSync(path.join(ROOT, ".local/ci/project-"));
    this.backend = `file://${path.join(this.folder, "backend")}`;
    cpSync(RECIPES, this.folder, { recursive: true });
    for (const name of ["backend", "home", "node_modules/.bin"])
      mkdirSync(path.join(this.folder, name), { recursive: true });
    const bin = path.join(this.folder, "node_modules/.bin/org-connections");
    writeFileSync(bin, `#!/bin/sh\nexec node "${ROOT}/provider/dist/cli/main.js" "$@"\n`);
    chmodSync(bin, 0o755);
  }

  /** With the stack `prod`, in which nothing is made yet. */
  static async create(): Promise<Project> {
    const project = new Project();
    const env = project.environment({
      PULUMI_BACKEND_URL: project.backend,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    });
    await promisify(execFile)("pulumi", ["stack", "init", "prod"], { cwd: project.folder, env });
    return project;
  }

  read = (file: string): string => readFileSync(path.join(this.folder, file), "utf8");
  write = (file: string, text: string): void => writeFileSync(path.join(this.folder, file), text);

  /** Replaces what the program declares. */
  program(statements: string): void {
    this.write(
      "index.ts",
      `import * as pulumi from "@pulumi/pulumi";
import { OrgConnection } from "pulumi-datadog-org-connections";
const hub = new pulumi.Config().require("hub");
${statements}
`,
    );
  }

  /** Runs a script in bash, as a runner does: from a file, and with nothing of the caller's settings and keys. */
  bash(script: string, flags: string[], env: Record<string, string | undefined>): Promise<Ran> {
    this.write("home/step.sh", script);
    return new Promise((resolve, reject) => {
      const child = spawn("bash", [...flags, path.join(this.folder, "home/step.sh")], {
        cwd: this.folder,
        env: this.environment(env),
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code: code ?? -1, output }));
    });
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private environment(extra: Record<string, string | undefined>): NodeJS.ProcessEnv {
    return isolatedEnv({
      home: path.join(this.folder, "home"),
      backendDir: path.join(this.folder, "backend"),
      binDir: process.env["PULUMI_TEST_BIN"] ?? "",
      extra: {
        // `tsc` of this tree checks the types of the program; here that would take longer than the preview.
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
        // npm does not speak of its newer versions in a CI, and not in here.
        NPM_CONFIG_UPDATE_NOTIFIER: "false",
        // A machine of a CI knows neither, unless the recipe says it.
        PULUMI_BACKEND_URL: undefined,
        PULUMI_CONFIG_PASSPHRASE: undefined,
        ...extra,
      },
    });
  }
}

/** The one connection of the recipes' program, in another form. */
export const share = (types: string[]): string =>
  `new OrgConnection("payments-to-hub", { source: "payments", sinkOrgId: hub, connectionTypes: ${JSON.stringify(types)} });`;

/** For each test a checkout, a server of comments and an empty sandbox. */
export function useRecipes(service: Service, options: SandboxOptions = {}) {
  const engine = useEngine(options);
  let project: Project | undefined;
  let comments: CommentServer | undefined;
  beforeEach(async () => {
    project = await Project.create();
    comments = await CommentServer.start(service);
  });
  afterEach(async () => {
    project?.dispose();
    await comments?.close();
  });
  const running = <T>(one: T | undefined): T => {
    if (one === undefined) throw new Error("it is there during tests only");
    return one;
  };
  return {
    engine,
    get project() {
      return running(project);
    },
    get comments() {
      return running(comments);
    },
    /** What a team stores as secrets and variables of its CI. */
    secrets(): Record<string, string> {
      const { apiKey, appKey } = engine.sandbox.organization("payments");
      return {
        PULUMI_BACKEND_URL: running(project).backend,
        PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
        DD_API_KEY__PAYMENTS: apiKey,
        DD_APP_KEY__PAYMENTS: appKey,
      };
    },
  };
}
