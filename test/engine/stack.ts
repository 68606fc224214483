import { ROOT } from "../tree.js";
import { spawn, type ChildProcess } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
  existsSync,
} from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { isolatedEnv } from "../../tools/pulumi-env.mjs";
import {
  startSandbox,
  type Sandbox,
  type SandboxConnection,
  type SandboxOptions,
} from "../../sandbox/src/index.js";

/** What one run of the CLI did. */
export interface Run {
  code: number;
  /** stdout and stderr in the order they came. */
  output: string;
  /** Steps that are no "same", as `create payments`, in the order in which they began. */
  steps: string[];
  /** Error diagnostics, one text each. */
  errors: string[];
  /** Requests that reached the sandbox during the run, as `POST /api/v2/org_connections`. */
  requests: string[];
}

/** A run that has begun: its process, and what it will have done. */
export interface Running {
  process: ChildProcess;
  /** What it has printed so far. */
  output: () => string;
  done: Promise<Run>;
}

/** The CLI's process, and what it printed when it has ended. */
interface Spawned {
  process: ChildProcess;
  output: () => string;
  done: Promise<{ code: number; output: string; stdout: string }>;
}

interface EngineEvent {
  resourcePreEvent?: { metadata: { op: string; urn: string; type: string } };
  diagnosticEvent?: { severity: string; message: string };
}

/** One resource of an exported state. */
export interface ExportedResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  delete?: boolean;
  pendingReplacement?: boolean;
}

/** A stack of the real engine: a program in JavaScript, a file backend and a home of its own. */
export class Stack {
  readonly folder: string;
  /** Environment of every run, on top of the isolated one. */
  env: Record<string, string>;
  private readonly project: string;
  private runs = 0;
  private prepared: Promise<unknown> | undefined;

  constructor(
    private readonly sandbox: Sandbox,
    program: string,
    options: { source?: string; project?: string; folder?: string; config?: string } = {},
  ) {
    this.project = options.project ?? "engine-test";
    const parent = options.folder ?? path.join(ROOT, ".local/engine");
    mkdirSync(parent, { recursive: true });
    this.folder = mkdtempSync(path.join(parent, "stack-"));
    const { apiKey, appKey } = sandbox.organization(options.source ?? "payments");
    this.env = { DD_HOST: sandbox.url, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
    this.write(
      "Pulumi.yaml",
      `name: ${this.project}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n`,
    );
    this.write("package.json", `{ "name": "engine-test", "main": "index.js" }\n`);
    if (options.config !== undefined) this.write("Pulumi.dev.yaml", options.config);
    this.program(program);
  }

  /** Replaces the program: statements that may use `pulumi`, `OrgConnection` and the look-ups. */
  program(statements: string): void {
    this.write(
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

  write(name: string, text: string): void {
    writeFileSync(path.join(this.folder, name), text);
  }

  /** The text of a file in its folder. */
  read = (name: string): string => readFileSync(path.join(this.folder, name), "utf8");

  up = (...flags: string[]) => this.run("up", "--yes", "--skip-preview", ...flags);
  preview = (...flags: string[]) => this.run("preview", "--diff", ...flags);
  refresh = (...flags: string[]) => this.run("refresh", "--yes", "--skip-preview", ...flags);
  destroy = (...flags: string[]) => this.run("destroy", "--yes", "--skip-preview", ...flags);

  /** `up`, which must succeed. */
  async mustUp(...flags: string[]): Promise<Run> {
    const run = await this.up(...flags);
    expect(run.output, "pulumi up").not.toContain("error:");
    expect(run.code).toBe(0);
    return run;
  }

  /** What `pulumi preview --json` prints on standard output. */
  previewJson = async (...flags: string[]): Promise<string> =>
    (await this.pulumi(["preview", "--json", "--stack=dev", "--non-interactive", ...flags])).stdout;

  /** Sets a value of the stack's configuration. */
  config = (...args: string[]) => this.pulumi(["config", "set", ...args, "--non-interactive"]);

  /** The state's resources, those of this package first in their order. */
  async state(): Promise<ExportedResource[]> {
    const { output } = await this.pulumi(["stack", "export"]);
    const { deployment } = JSON.parse(output) as { deployment: { resources?: ExportedResource[] } };
    return (deployment.resources ?? []).filter(({ type }) => type.includes("datadog"));
  }

  /** The URN under which the state holds a resource, one that waits for its deletion apart. */
  async urn(name: string): Promise<string> {
    const resource = (await this.state()).find(
      ({ urn, delete: ended }) => !ended && urn.endsWith(`::${name}`),
    );
    if (!resource) throw new Error(`the state holds no ${name}`);
    return resource.urn;
  }

  /** Rewrites the exported state and imports it. */
  async editState(edit: (text: string) => string): Promise<void> {
    const { output } = await this.pulumi(["stack", "export"]);
    this.write("state.json", edit(output));
    const imported = await this.pulumi(["stack", "import", "--file", "state.json"]);
    expect(imported.code, imported.output).toBe(0);
  }

  /**
   * Mends what a kill in the middle of a checkpoint leaves of the file backend, as the README says: an attributes file
   * that is cut is removed, a state file that is cut is replaced by its backup. Returns whether there was anything to mend.
   */
  mendCheckpoint(): boolean {
    const file = path.join(this.folder, "backend/.pulumi/stacks", this.project, "dev.json");
    let mended = false;
    if (isCut(`${file}.attrs`)) {
      rmSync(`${file}.attrs`);
      mended = true;
    }
    if (isCut(file) && existsSync(`${file}.bak`)) {
      copyFileSync(`${file}.bak`, file);
      mended = true;
    }
    return mended;
  }

  /** Runs the CLI as it is. */
  async pulumi(args: string[]): Promise<{ code: number; output: string; stdout: string }> {
    await this.prepare();
    return this.spawn(args).done;
  }

  /** Removes its folder, state included. */
  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Begins `up`, `destroy` and their like without waiting for the end, so that it can be interrupted. */
  async begin(command: string, ...flags: string[]): Promise<Running> {
    await this.prepare();
    const log = path.join(this.folder, `events-${this.runs++}.json`);
    const before = this.sandbox.requests.length;
    const common = ["--stack=dev", "--non-interactive", "--color=never", `--event-log=${log}`];
    const { process, output, done } = this.spawn([command, ...common, ...flags]);
    return { process, output, done: done.then((ended) => this.runOf(ended, log, before)) };
  }

  private async run(command: string, ...flags: string[]): Promise<Run> {
    return (await this.begin(command, ...flags)).done;
  }

  private runOf({ code, output }: { code: number; output: string }, log: string, before: number): Run {
    const events = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").filter(Boolean) : [];
    const parsed = events.map((line) => JSON.parse(line) as EngineEvent);
    return {
      code,
      output,
      steps: parsed.flatMap(({ resourcePreEvent }) => stepOf(resourcePreEvent?.metadata)),
      errors: parsed.flatMap(({ diagnosticEvent }) =>
        diagnosticEvent?.severity === "error" ? [diagnosticEvent.message] : [],
      ),
      requests: this.sandbox.requests.slice(before).map(({ method, path: at }) => `${method} ${at}`),
    };
  }

  /** Makes the stack, once. */
  private prepare(): Promise<unknown> {
    mkdirSync(path.join(this.folder, "backend"), { recursive: true });
    return (this.prepared ??= this.spawn(["stack", "init", "dev"]).done);
  }

  /** The environment in which the CLI runs for this stack. */
  environment(): Record<string, string | undefined> {
    return isolatedEnv({
      home: path.join(this.folder, "home"),
      backendDir: path.join(this.folder, "backend"),
      binDir: process.env["PULUMI_TEST_BIN"] ?? "",
      extra: { PULUMI_DEBUG_COMMANDS: "true", ...this.env },
    });
  }

  private spawn(args: string[]): Spawned {
    const env = this.environment();
    const child = spawn("pulumi", args, { cwd: this.folder, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
    const done = new Promise<{ code: number; output: string; stdout: string }>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code: code ?? -1, output, stdout }));
    });
    return { process: child, output: () => output, done };
  }
}

/** A sandbox for the tests of one file, fresh for each test, and stacks that are removed after each. */
export function useEngine(options: SandboxOptions = {}) {
  let sandbox: Sandbox | undefined;
  const stacks: Stack[] = [];
  const running = (): Sandbox => {
    if (!sandbox) throw new Error("the sandbox runs during tests only");
    return sandbox;
  };
  beforeAll(async () => {
    sandbox = await startSandbox(options);
  });
  beforeEach(() => running().reset());
  afterEach(() => {
    for (const stack of stacks.splice(0)) stack.dispose();
  });
  afterAll(() => running().close());
  return {
    get sandbox() {
      return running();
    },
    /** A stack whose default keys are those of "payments" unless `settings.source` names another. */
    stack(program: string, settings?: ConstructorParameters<typeof Stack>[2]): Stack {
      const stack = new Stack(running(), program, settings);
      stacks.push(stack);
      return stack;
    },
    /** UUID of an organization of the sandbox. */
    id: (key: string) => running().organization(key).id,
    /** The live connections as `payments → observability: logs`, sorted. */
    live: () => running().connections().map(shortForm).sort(),
    /** The one live connection. */
    only(): SandboxConnection {
      const [connection, ...others] = running().connections();
      if (!connection || others.length > 0) throw new Error(`${others.length + 1} live connections, not one`);
      return connection;
    },
  };

  function shortForm({ sourceOrgId, sinkOrgId, connectionTypes }: SandboxConnection): string {
    const key = (id: string) => running().organizations.find((org) => org.id === id)?.key ?? id;
    return `${key(sourceOrgId)} → ${key(sinkOrgId)}: ${[...connectionTypes].sort().join(", ")}`;
  }
}

/** Whether a file is there and is no whole JSON. */
function isCut(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return false;
  } catch {
    return true;
  }
}

function stepOf(metadata: { op: string; urn: string; type: string } | undefined): string[] {
  if (!metadata?.type.includes("datadog") || metadata.op === "same") return [];
  return [`${metadata.op} ${metadata.urn.split("::").at(-1) ?? ""}`];
}
