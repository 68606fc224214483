import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { SandboxOptions } from "../../../sandbox/src/index.js";
import { useEngine } from "../../engine/stack.js";
import { ROOT } from "../../tree.js";
import { CommentServer, type Service } from "./comment-server.js";
import { Machine, runGit } from "./machine.js";

/** The recipes, as a repository that has adopted them. */
const RECIPES = path.join(ROOT, "examples/ci");
/** With which the state of the stack is encrypted. */
const PASSPHRASE = "secret";
/** The branch that is merged into `main`. */
const BRANCH = "idea";

/** A repository that has adopted the recipes, with a branch on which somebody works, and a backend for the state. */
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

  /** With the stack `prod`, which is empty. */
  static async create(): Promise<Project> {
    const project = new Project();
    const variables = { PULUMI_BACKEND_URL: project.backend, PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
    const { code, output } = await project.terminal().bash("pulumi stack init prod", [], variables);
    if (code !== 0) throw new Error(output);
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

  /** Pushes the branch as it stands. Returns its name. */
  push(): string {
    this.pushTo(BRANCH);
    return BRANCH;
  }

  /** Makes the branch as it stands `main`. */
  merge(): void {
    this.pushTo(BRANCH);
    this.pushTo("main");
  }

  /** A machine of a CI, with nothing on it. */
  machine(): Machine {
    return new Machine(path.join(this.root, `machine-${this.machines++}`));
  }

  /** A terminal of somebody who works on the branch. */
  terminal(): Machine {
    const terminal = new Machine(path.join(this.root, "terminal"), this.folder);
    terminal.install();
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

/** The one connection of the recipes' program, in another form. */
export const share = (types: string[]): string =>
  `new OrgConnection("payments-to-hub", { source: "payments", sinkOrgId: hub, connectionTypes: ${JSON.stringify(types)} });`;

/** For each test a repository, a server of comments and an empty sandbox. */
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
    /** Where the sandbox is; a team sets DD_SITE. */
    address: () => ({ DD_HOST: engine.sandbox.url, DD_HOST__PAYMENTS: engine.sandbox.url }),
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

/** What tests get from {@link useRecipes}. */
export type Recipes = ReturnType<typeof useRecipes>;
