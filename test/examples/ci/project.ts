import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { SandboxOptions } from "../../../sandbox/src/index.js";
import { useEngine } from "../../engine/stack.js";
import { ROOT } from "../../tree.js";
import { CommentServer, type Service } from "./comment-server.js";
import { Machine, runGit } from "./machine.js";

/** The folder of the recipes. */
const RECIPES = path.join(ROOT, "examples/ci");
/** The passphrase that encrypts the state of the stack. */
const PASSPHRASE = "secret";
/** The branch that is merged into `main`. */
const BRANCH = "idea";

/** A repository that uses the recipes, with a development branch and a backend for the state. */
export class Project {
  /** The working copy of the branch. */
  readonly folder: string;
  readonly backend: string;
  /** What CI clones. */
  readonly origin: string;
  private readonly root: string;
  private machines = 0;

  private constructor() {
    mkdirSync(path.join(ROOT, ".local/ci"), { recursive: true });
    this.root = mkdtempSync(path.join(ROOT, ".local/ci/project-"));
    this.folder = path.join(this.root, "work");
    this.origin = path.join(this.root, "origin.git");
    mkdirSync(path.join(this.root, "backend"));
    this.backend = `file://${path.join(this.root, "backend")}`;
    cpSync(RECIPES, this.folder, { recursive: true });
    rmSync(path.join(this.folder, "node_modules"), { recursive: true, force: true });
    runGit(this.root, "init", "--quiet", "--bare", "--initial-branch=main", this.origin);
    runGit(this.folder, "init", "--quiet", "--initial-branch", BRANCH);
    runGit(this.folder, "remote", "add", "origin", this.origin);
    this.merge();
  }

  /** Creates the project, with an empty stack `prod`. */
  static async create(): Promise<Project> {
    const project = new Project();
    const variables = { PULUMI_BACKEND_URL: project.backend, PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
    const { code, output } = await project.createTerminal().runBash("pulumi stack init prod", [], variables);
    if (code !== 0) throw new Error(output);
    return project;
  }

  readFile = (file: string): string => readFileSync(path.join(this.folder, file), "utf8");
  writeFile = (file: string, text: string): void => writeFileSync(path.join(this.folder, file), text);

  /** Replaces the declarations of the program. */
  writeProgram(statements: string): void {
    this.writeFile(
      "index.ts",
      `import * as pulumi from "@pulumi/pulumi";
import { OrgConnection } from "pulumi-datadog-org-connections";
const hub = new pulumi.Config().require("hub");
${statements}
`,
    );
  }

  /** Pushes the current branch and returns its name. */
  push(): string {
    this.pushTo(BRANCH);
    return BRANCH;
  }

  /** Pushes the current branch to `main`. */
  merge(): void {
    this.pushTo(BRANCH);
    this.pushTo("main");
  }

  /** Creates an empty CI machine. */
  createMachine(): Machine {
    return new Machine(path.join(this.root, `machine-${this.machines++}`));
  }

  /** Creates the terminal of a developer of the branch. */
  createTerminal(): Machine {
    const terminal = new Machine(path.join(this.root, "terminal"), this.folder);
    terminal.installCommandLine();
    return terminal;
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private pushTo(branch: string): void {
    runGit(this.folder, "add", "--all");
    runGit(this.folder, "commit", "--quiet", "--allow-empty", "--message", "work");
    runGit(this.folder, "push", "--quiet", "--force", "origin", `HEAD:${branch}`);
  }
}

/** Declares the connection of the recipes' program with other types. */
export const declareConnection = (types: string[]): string =>
  `new OrgConnection("payments-to-hub", { source: "payments", sinkOrgId: hub, connectionTypes: ${JSON.stringify(types)} });`;

/** Sets up a repository, a comment server and an empty sandbox for each test. */
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
  const requireStarted = <T>(one: T | undefined): T => {
    if (one === undefined) throw new Error("it is available during tests only");
    return one;
  };
  return {
    engine,
    get project() {
      return requireStarted(project);
    },
    get comments() {
      return requireStarted(comments);
    },
    /** The address of the sandbox; a team sets DD_SITE instead. */
    getAddress: () => ({ DD_HOST: engine.sandbox.url, DD_HOST__PAYMENTS: engine.sandbox.url }),
    /** The secrets and variables that a team stores in its CI. */
    getSecrets(): Record<string, string> {
      const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
      return {
        PULUMI_BACKEND_URL: requireStarted(project).backend,
        PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
        DD_API_KEY__PAYMENTS: apiKey,
        DD_APP_KEY__PAYMENTS: appKey,
      };
    },
  };
}

/** The result of {@link useRecipes}. */
export type Recipes = ReturnType<typeof useRecipes>;
