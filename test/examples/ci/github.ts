import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { Machine, Ran, Variables } from "./machine.js";
import type { Project, Recipes } from "./project.js";
import { workflowCommands, type WorkflowCommand } from "./workflow-commands.js";

interface Step {
  name?: string;
  id?: string;
  if?: string;
  uses?: string;
  with?: Record<string, unknown>;
  run?: string;
  env?: Record<string, string>;
  "continue-on-error"?: boolean;
}
interface Job {
  needs?: string | string[];
  if?: string;
  env?: Record<string, string>;
  permissions?: Record<string, string>;
  steps: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  env?: Record<string, string>;
  jobs: Record<string, Job>;
}

type Result = "success" | "failure" | "skipped";

/** How a job went. */
interface JobRun {
  result: Result;
  /** By name of the step. */
  steps: Record<string, Ran & { commands: WorkflowCommand[] }>;
  summary: string;
}

/** How a workflow went; by name of the job. */
export interface WorkflowRun {
  succeeded: boolean;
  jobs: Record<string, JobRun>;
}

/** Who sends a pull request. Left out: Ann, from a branch of the repository. */
interface From {
  repository?: string;
  actor?: string;
  /** Secrets and variables that GitHub hands out. Default: those of the team. */
  secrets?: Record<string, string>;
}

/** What expressions may name. */
type Contexts = Record<string, unknown>;

const REPOSITORY = "acme/connections";

/** A workflow of the branch. */
export const workflowOf = (project: Project, name: string): Workflow =>
  parse(project.read(`.github/workflows/${name}.yml`)) as Workflow;

/** Pushes the branch and runs a workflow as GitHub does: each job on a machine of its own, in the order of `needs`. */
export async function runOnGitHub(
  { project, comments, ...recipes }: Recipes,
  name: string,
  { repository = REPOSITORY, actor = "ann", secrets = recipes.secrets() }: From = {},
): Promise<WorkflowRun> {
  const workflow = workflowOf(project, name);
  const branch = project.push();
  const contexts: Contexts = {
    github: githubContext(repository, actor),
    secrets: emptyIfUnknown(secrets),
    vars: emptyIfUnknown(secrets),
  };
  const variables = {
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: comments.url,
    GITHUB_REPOSITORY: REPOSITORY,
    ...recipes.address(),
  };
  const artifacts = new Map<string, string>();
  const jobs: Record<string, JobRun> = {};
  for (const [id, job] of inOrder(workflow)) {
    const needs = Object.fromEntries(
      needsOf(job).map((other) => [other, { result: jobs[other]?.result ?? "skipped" }]),
    );
    if (!runs(job, { ...contexts, needs })) {
      jobs[id] = { result: "skipped", steps: {}, summary: "" };
      continue;
    }
    const runner = new JobRunner(project.machine(), {
      origin: project.origin,
      branch: JSON.stringify(workflow.on).includes("pull_request") ? branch : "main",
      artifacts,
      variables,
      contexts: { ...contexts, needs },
    });
    jobs[id] = await runner.run(workflow, job);
  }
  return { succeeded: Object.values(jobs).every(({ result }) => result !== "failure"), jobs };
}

/** The jobs of a workflow that run for a pull request in which everything succeeds. */
export function jobsAt(workflow: Workflow, repository: string, actor: string): string[] {
  const running: string[] = [];
  for (const [id, job] of inOrder(workflow)) {
    const needs = Object.fromEntries(
      needsOf(job).map((other) => [other, { result: running.includes(other) ? "success" : "skipped" }]),
    );
    if (runs(job, { github: githubContext(repository, actor), needs })) running.push(id);
  }
  return running;
}

function githubContext(repository: string, actor: string) {
  const event = { pull_request: { number: 7, head: { repo: { full_name: repository } } } };
  return { repository: REPOSITORY, actor, event, token: "the-token" };
}

const needsOf = ({ needs = [] }: Job): string[] => (typeof needs === "string" ? [needs] : needs);

function inOrder({ jobs }: Workflow): [string, Job][] {
  const all = Object.entries(jobs);
  const done: [string, Job][] = [];
  while (done.length < all.length) {
    const ready = all.find(
      (one) => !done.includes(one) && needsOf(one[1]).every((id) => done.some(([other]) => other === id)),
    );
    if (!ready) throw new Error("the jobs need one another");
    done.push(ready);
  }
  return done;
}

/** Without a status function in its condition, a job runs only when all that it needs has succeeded. */
function runs(job: Job, contexts: Contexts): boolean {
  const condition = job.if ?? "true";
  const needs = Object.values(contexts["needs"] as Record<string, { result: Result }>);
  const succeeded = needs.every(({ result }) => result === "success");
  return (succeeded || asksStatus(condition)) && isTrue(condition, contexts);
}

const asksStatus = (condition: string): boolean => /\b(always|cancelled|failure|success)\(/.test(condition);

interface Surroundings {
  origin: string;
  branch: string;
  /** By name, the folder with the files. */
  artifacts: Map<string, string>;
  variables: Variables;
  contexts: Contexts;
}

/** Runs the steps of one job. */
class JobRunner {
  private readonly steps: JobRun["steps"] = {};
  private readonly outputs: Record<string, { outputs: Record<string, string> }> = {};
  /** What steps have set by GITHUB_ENV and GITHUB_PATH, for those after them. */
  private set: Variables = {};
  private readonly path: string[] = [];
  private succeeded = true;

  constructor(
    private readonly machine: Machine,
    private readonly surroundings: Surroundings,
  ) {
    writeFileSync(this.file("summary"), "");
  }

  async run(workflow: Workflow, job: Job): Promise<JobRun> {
    for (const step of job.steps) {
      if (!this.runs(step)) continue;
      const succeeded = step.run === undefined ? this.use(step) : await this.runStep(workflow, job, step);
      this.succeeded &&= succeeded || step["continue-on-error"] === true;
    }
    const summary = readFileSync(this.file("summary"), "utf8");
    return { result: this.succeeded ? "success" : "failure", steps: this.steps, summary };
  }

  private runs({ if: condition = "true" }: Step): boolean {
    return (this.succeeded || asksStatus(condition)) && isTrue(condition, this.contexts());
  }

  /** What the actions of the recipes do. */
  private use({ uses = "", with: inputs = {} }: Step): boolean {
    const { origin, branch, artifacts } = this.surroundings;
    const input = (name: string) => {
      const value = inputs[name];
      return typeof value === "string" ? this.filled(value) : "";
    };
    switch (uses.replace(/@.*/, "")) {
      case "actions/checkout":
        this.machine.checkout(origin, input("ref") || branch);
        return true;
      case "actions/setup-node":
      case "pulumi/actions":
        return true;
      case "actions/upload-artifact": {
        const folder = path.resolve(this.machine.workspace, input("path"));
        if (!existsSync(folder)) return true;
        const stored = path.join(this.machine.temp, "../artifacts", input("name"));
        cpSync(folder, stored, { recursive: true, verbatimSymlinks: true });
        artifacts.set(input("name"), stored);
        return true;
      }
      case "actions/download-artifact": {
        const folder = artifacts.get(input("name"));
        if (folder === undefined) return false;
        mkdirSync(input("path"), { recursive: true });
        cpSync(folder, input("path"), { recursive: true, verbatimSymlinks: true });
        return true;
      }
      default:
        throw new Error(`the action ${uses} is not known to this test`);
    }
  }

  private async runStep(workflow: Workflow, job: Job, { name, id, run = "", env }: Step): Promise<boolean> {
    if (run.startsWith("npm ci")) {
      this.machine.install();
      return true;
    }
    for (const file of ["output", "env", "path"]) writeFileSync(this.file(file), "");
    const own = Object.fromEntries(
      Object.entries({ ...workflow.env, ...job.env, ...env }).map(([key, text]) => [key, this.filled(text)]),
    );
    const ran = await this.machine.bash(run, ["-e"], {
      ...this.surroundings.variables,
      ...this.set,
      ...own,
      ...(this.path.length > 0 && {
        PATH: [...this.path, process.env["PULUMI_TEST_BIN"], process.env["PATH"]].join(":"),
      }),
      GITHUB_WORKSPACE: this.machine.workspace,
      GITHUB_OUTPUT: this.file("output"),
      GITHUB_ENV: this.file("env"),
      GITHUB_PATH: this.file("path"),
      GITHUB_STEP_SUMMARY: this.file("summary"),
      RUNNER_TEMP: this.machine.temp,
    });
    const commands = workflowCommands(ran);
    this.steps[name ?? run] = { ...ran, commands };
    this.take(id ?? "", commands);
    return ran.code === 0;
  }

  /** Takes over what a step has handed to later ones. */
  private take(id: string, commands: WorkflowCommand[]): void {
    const outputs: Record<string, string> = {};
    for (const { name, properties, value } of commands) {
      if (name === "set-output") outputs[properties.replace(/^name=/, "")] = value;
    }
    Object.assign(outputs, this.lines("output"));
    this.outputs[id] = { outputs };
    this.set = { ...this.set, ...this.lines("env") };
    this.path.unshift(...readFileSync(this.file("path"), "utf8").split("\n").filter(Boolean));
  }

  private lines(file: string): Record<string, string> {
    const lines = readFileSync(this.file(file), "utf8").split("\n").filter(Boolean);
    return Object.fromEntries(
      lines.map((line) => {
        const [name = "", ...value] = line.split("=");
        return [name, value.join("=")];
      }),
    );
  }

  private file = (name: string): string => path.join(this.machine.temp, `../${name}`);

  private contexts(): Contexts {
    const runner = { temp: this.machine.temp };
    return { ...this.surroundings.contexts, runner, steps: this.outputs, succeeded: this.succeeded };
  }

  private filled(text: string): string {
    return text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) =>
      String(evaluate(expression, this.contexts())),
    );
  }
}

/** As GitHub has it: an unknown secret or variable is empty. */
const emptyIfUnknown = (values: Record<string, string>): Record<string, string> =>
  new Proxy(values, { get: (target, name) => target[String(name)] ?? "" });

const isTrue = (condition: string, contexts: Contexts): boolean =>
  Boolean(evaluate(condition.replace(/^\$\{\{ (.*) \}\}$/, "$1"), contexts));

/** The value of an expression. Those of the recipes mean the same in JavaScript. */
function evaluate(expression: string, contexts: Contexts): unknown {
  const functions = {
    cancelled: () => false,
    always: () => true,
    success: () => contexts["succeeded"] !== false,
    failure: () => contexts["succeeded"] === false,
  };
  const names = { ...functions, ...contexts };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- our own file
  const compute = new Function(...Object.keys(names), `return ${expression}`) as (
    ...values: unknown[]
  ) => unknown;
  return compute(...Object.values(names));
}
