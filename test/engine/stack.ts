import { ROOT } from "../tree.js";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { Attachment, Program } from "./attached/attach.js";
import { createDeclare, formatStatements } from "./attached/declarations.js";
import { readDeployment, repairCheckpoint, type Deployment, type ExportedResource } from "./checkpoint.js";
import { copyStack } from "./copy-stack.js";
import { SECRETS_PROVIDER, VAULT } from "./vault.js";
import { createIsolatedEnv } from "../../tools/pulumi-env.mjs";
import {
  startSandbox,
  type Sandbox,
  type SandboxConnection,
  type SandboxOptions,
} from "../../sandbox/src/index.js";

/** The result of one run of the CLI. */
export interface CliRun {
  code: number;
  /** Standard output and standard error, in order. */
  output: string;
  /** Steps except "same", such as `create payments`, in the order in which they started. */
  steps: string[];
  /** The messages of error diagnostics. */
  errors: string[];
  /** Requests to the sandbox during the run, such as `POST /api/v2/org_connections`. */
  requests: string[];
}

/** A started run: its process, and its future result. */
export interface RunningCli {
  process: ChildProcess;
  /** The output so far. */
  output: () => string;
  done: Promise<CliRun>;
}

/** The process of the CLI, and its future output. */
interface CliProcess {
  process: ChildProcess;
  output: () => string;
  done: Promise<{ code: number; output: string; stdout: string }>;
}

interface EngineEvent {
  resourcePreEvent?: { metadata: { op: string; urn: string; type: string } };
  diagnosticEvent?: { severity: string; message: string };
}

/** Settings of a stack. */
export interface StackOptions {
  /** The organization that the keys in the environment belong to: "payments" by default. */
  source?: string;
  project?: string;
  /** The parent folder of the stack. */
  folder?: string;
  /** The text of the stack's configuration. */
  config?: string;
  /** Whether the program is the text of a Pulumi.yaml, whose `name` is `project`. The slow suite has hosts of all languages. */
  isYaml?: boolean;
}

const DEFAULT_PROJECT = "engine-test";
/** Commands that may run a program or call a provider. */
const OPERATIONS = ["up", "preview", "refresh", "destroy", "import"];

/**
 * A stack of the real engine, with its own file backend and home. If its program is a function, the program and the providers run in
 * this process. If it is the text of a JavaScript program, each runs in a process of its own, as a user's. Declarations run in both ways.
 */
export class Stack {
  readonly folder: string;
  /** Environment variables of every run, in addition to the isolated environment. */
  env: Record<string, string>;
  private readonly project: string;
  private runs = 0;
  private prepared: Promise<unknown> | undefined;
  /** Whether declarations run in processes of their own, which a test can kill. */
  hasOwnProcesses = false;
  private program: Program | undefined;
  private isCopied = false;

  constructor(
    private readonly sandbox: Sandbox,
    program: string | Program,
    options: StackOptions = {},
  ) {
    this.project = options.project ?? DEFAULT_PROJECT;
    const parent = options.folder ?? path.join(ROOT, ".local/engine");
    mkdirSync(parent, { recursive: true });
    this.folder = mkdtempSync(path.join(parent, "stack-"));
    const { apiKey, appKey } = sandbox.getOrganization(options.source ?? "payments");
    this.env = { DD_HOST: sandbox.url, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
    if (options.config !== undefined) this.writeFile("Pulumi.dev.yaml", options.config);
    if (options.isYaml && typeof program === "string") {
      this.writeFile("Pulumi.yaml", program);
      return;
    }
    this.writeFile(
      "Pulumi.yaml",
      `name: ${this.project}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n`,
    );
    this.writeFile("package.json", `{ "name": "engine-test", "main": "index.js" }\n`);
    this.writeProgram(program);
  }

  /**
   * Sets the program: a function, declarations, or the statements of a text, which may use `pulumi`, the resources and the functions of
   * the package.
   */
  writeProgram(program: string | Program): void {
    this.program = typeof program === "string" ? undefined : program;
    if (typeof program !== "function")
      this.writeStatements(typeof program === "string" ? program : formatStatements(program));
  }

  private writeStatements(statements: string): void {
    this.writeFile(
      "index.js",
      `const pulumi = require("@pulumi/pulumi");
const { OrgConnection, OrgConnectionSet, ...lookups } = require("pulumi-datadog-org-connections");
const { getOrganization, getOrganizations, getOrgConnections } = lookups;
module.exports = async () => {
${statements}
};
`,
    );
  }

  writeFile(name: string, text: string): void {
    writeFileSync(path.join(this.folder, name), text);
  }

  /** Reads a file in the folder of the stack. */
  readFile = (name: string): string => readFileSync(path.join(this.folder, name), "utf8");

  up = (...flags: string[]) => this.run("up", "--yes", "--skip-preview", ...flags);
  preview = (...flags: string[]) => this.run("preview", "--diff", ...flags);
  refresh = (...flags: string[]) => this.run("refresh", "--yes", "--skip-preview", ...flags);
  destroy = (...flags: string[]) => this.run("destroy", "--yes", "--skip-preview", ...flags);
  importFile = (file: string, ...flags: string[]) =>
    this.run("import", "--yes", "--file", file, "--generate-code=false", ...flags);

  /** Runs `up` and expects that it succeeds. */
  async expectUp(...flags: string[]): Promise<CliRun> {
    const run = await this.up(...flags);
    expect(run.output, "pulumi up").not.toContain("error:");
    expect(run.code).toBe(0);
    return run;
  }

  /** Returns the standard output of `pulumi preview --json`. */
  previewAsJson = async (...flags: string[]): Promise<string> =>
    (await this.runPulumi(["preview", "--json", "--stack=dev", "--non-interactive", ...flags])).stdout;

  /** Sets a value in the stack configuration. */
  setConfig = (...args: string[]) => this.runPulumi(["config", "set", ...args, "--non-interactive"]);

  /** Replaces the keys of the default organization, or of a name in the program, in the environment. */
  useKeys(organization: string, name?: string): void {
    const { apiKey, appKey } = this.sandbox.getOrganization(organization);
    const suffix = name === undefined ? "" : `__${name.toUpperCase()}`;
    this.env = { ...this.env, [`DD_API_KEY${suffix}`]: apiKey, [`DD_APP_KEY${suffix}`]: appKey };
  }

  /** Moves the keys to the stack configuration: those of each organization, as secrets under its key. */
  async useConfiguredKeys(...organizations: string[]): Promise<void> {
    this.env = {};
    for (const organization of organizations) {
      const { apiKey, appKey } = this.sandbox.getOrganization(organization);
      const at = `datadog-org-connections:organizations.${organization}`;
      await this.setConfig("--path", `${at}.url`, this.sandbox.url);
      await this.setConfig("--secret", "--path", `${at}.apiKey`, apiKey);
      await this.setConfig("--secret", "--path", `${at}.appKey`, appKey);
    }
  }

  /** Loads the resources of this package from the state. */
  async loadState(): Promise<ExportedResource[]> {
    return ((await this.loadDeployment()).resources ?? []).filter(({ type }) => type.includes("datadog"));
  }

  /** Loads the state. An export takes a third of the time of an `up`, so it is for a backend without a file. */
  async loadDeployment(): Promise<Deployment> {
    await this.initStack();
    if (this.env["PULUMI_BACKEND_URL"] === undefined) return readDeployment(this.checkpoint);
    const { stdout } = await this.runPulumi(["stack", "export", "--stack=dev"]);
    return (JSON.parse(stdout) as { deployment: Deployment }).deployment;
  }

  private get checkpoint(): string {
    return path.join(this.folder, "backend/.pulumi/stacks", this.project, "dev.json");
  }

  /** Finds the URN of a resource in the state, except if it is pending deletion. */
  async findUrn(name: string): Promise<string> {
    const resource = (await this.loadState()).find(
      ({ urn, delete: isPendingDelete }) => !isPendingDelete && urn.endsWith(`::${name}`),
    );
    if (!resource) throw new Error(`the state has no resource ${name}`);
    return resource.urn;
  }

  /** Exports the state, edits it and imports it. */
  async editState(edit: (text: string) => string): Promise<void> {
    const { output } = await this.runPulumi(["stack", "export"]);
    this.writeFile("state.json", edit(output));
    const imported = await this.runPulumi(["stack", "import", "--file", "state.json"]);
    expect(imported.code, imported.output).toBe(0);
  }

  /** Repairs the state after a kill. Returns whether that was necessary. */
  repairCheckpoint = (): boolean => repairCheckpoint(this.checkpoint);

  /** Runs the CLI. */
  async runPulumi(args: string[]): Promise<{ code: number; output: string; stdout: string }> {
    await this.initStack();
    return (await this.startCli(args)).done;
  }

  /** Removes the folder of the stack, including its state. */
  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Starts a command such as `up` without waiting for it, so that it can be interrupted. */
  async start(command: string, ...flags: string[]): Promise<RunningCli> {
    await this.initStack();
    const log = path.join(this.folder, `events-${this.runs++}.json`);
    const before = this.sandbox.requests.length;
    const common = ["--stack=dev", "--non-interactive", "--color=never", `--event-log=${log}`];
    const { process, output, done } = await this.startCli([command, ...common, ...flags]);
    return { process, output, done: done.then((result) => this.toRun(result, log, before)) };
  }

  private async run(command: string, ...flags: string[]): Promise<CliRun> {
    return (await this.start(command, ...flags)).done;
  }

  private toRun({ code, output }: { code: number; output: string }, log: string, before: number): CliRun {
    const events = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").filter(Boolean) : [];
    const parsed = events.map((line) => JSON.parse(line) as EngineEvent);
    return {
      code,
      output,
      steps: parsed.flatMap(({ resourcePreEvent }) => formatStep(resourcePreEvent?.metadata)),
      errors: parsed.flatMap(({ diagnosticEvent }) =>
        diagnosticEvent?.severity === "error" ? [diagnosticEvent.message] : [],
      ),
      requests: this.sandbox.requests.slice(before).map(({ method, path: at }) => `${method} ${at}`),
    };
  }

  /** Creates the stack once. */
  private initStack(): Promise<unknown> {
    return (this.prepared ??=
      this.program && this.project === DEFAULT_PROJECT ? this.copyStack() : this.createStack());
  }

  private async copyStack(): Promise<void> {
    this.isCopied = await copyStack(this.folder, () => this.createStack());
  }

  private async createStack(): Promise<unknown> {
    mkdirSync(path.join(this.folder, "backend"), { recursive: true });
    return (await this.startCli(["stack", "init", "dev", SECRETS_PROVIDER])).done;
  }

  /** Returns the environment of the CLI for this stack. */
  getEnvironment(): Record<string, string | undefined> {
    return createIsolatedEnv({
      home: path.join(this.folder, "home"),
      backendDir: path.join(this.folder, "backend"),
      binDir: process.env["PULUMI_TEST_BIN"] ?? "",
      hostsDir: process.env["PULUMI_TEST_HOSTS"],
      extra: {
        PULUMI_DEBUG_COMMANDS: "true",
        ...VAULT,
        // A command ends before it needs the memory back.
        GOGC: "off",
        GOMEMLIMIT: "1GiB",
        // A copied stack is not selected.
        ...(this.isCopied && { PULUMI_STACK: "dev" }),
        ...this.env,
      },
    });
  }

  /** Loads the program's SDK and both hosts, which programs in processes of their own do not need here. */
  private async attach(program: Program, env: NodeJS.ProcessEnv): Promise<Attachment> {
    return (await import("./attached/attach.js")).attach(program, this.project, env);
  }

  private async startCli(args: string[]): Promise<CliProcess> {
    const own = this.getEnvironment();
    const isAttached = !this.hasOwnProcesses && OPERATIONS.includes(args[0] ?? "");
    const attachment = this.program && isAttached ? await this.attach(this.program, own) : undefined;
    const child = spawn("pulumi", [...args, ...(attachment?.flags ?? [])], {
      cwd: this.folder,
      env: { ...own, ...attachment?.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
    const exited = new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve(code ?? -1));
    });
    const done = exited.then(
      (code) => {
        attachment?.stop(code !== 0);
        return { code, output, stdout };
      },
      (error: unknown) => {
        attachment?.stop(true);
        throw error;
      },
    );
    return { process: child, output: () => output, done };
  }
}

/**
 * Starts a sandbox for the tests of one file, which is reset for each test. Stacks are removed after each
 * test.
 */
export function useEngine(options: SandboxOptions = {}) {
  let sandbox: Sandbox | undefined;
  const stacks: Stack[] = [];
  const getSandbox = (): Sandbox => {
    if (!sandbox) throw new Error("the sandbox runs during tests only");
    return sandbox;
  };
  const getOrgId = (key: string): string => getSandbox().getOrganization(key).id;
  beforeAll(async () => {
    sandbox = await startSandbox(options);
  });
  beforeEach(() => getSandbox().reset());
  afterEach(() => {
    for (const stack of stacks.splice(0)) stack.dispose();
  });
  afterAll(() => getSandbox().close());
  return {
    get sandbox() {
      return getSandbox();
    },
    /** Creates a stack. Its default keys are those of "payments" or of `settings.source`. */
    createStack(program: string | Program, settings?: ConstructorParameters<typeof Stack>[2]): Stack {
      const stack = new Stack(getSandbox(), program, settings);
      stacks.push(stack);
      return stack;
    },
    /** Returns the UUID of an organization of the sandbox. */
    getOrgId,
    ...createDeclare(getOrgId),
    /** Lists the live connections, such as `payments → observability: logs`, sorted. */
    listLive: () => getSandbox().listConnections().map(formatConnection).sort(),
    /** Returns the only live connection. */
    getOnlyConnection(): SandboxConnection {
      const [connection, ...others] = getSandbox().listConnections();
      if (!connection || others.length > 0) throw new Error(`${others.length + 1} live connections, not one`);
      return connection;
    },
  };

  function formatConnection({ sourceOrgId, sinkOrgId, connectionTypes }: SandboxConnection): string {
    const getKey = (id: string) => getSandbox().organizations.find((org) => org.id === id)?.key ?? id;
    return `${getKey(sourceOrgId)} → ${getKey(sinkOrgId)}: ${[...connectionTypes].sort().join(", ")}`;
  }
}

function formatStep(metadata: { op: string; urn: string; type: string } | undefined): string[] {
  if (!metadata?.type.includes("datadog") || metadata.op === "same") return [];
  return [`${metadata.op} ${metadata.urn.split("::").at(-1) ?? ""}`];
}
