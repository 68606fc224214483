import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { PULL_REQUEST, type Trigger } from "../no-long-lived-keys/claims.js";
import type { Machine, ScriptResult, Variables } from "./machine.js";
import type { Project, Recipes } from "./project.js";
import { parseWorkflowCommands, type WorkflowCommand } from "./workflow-commands.js";

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
  environment?: string;
  permissions?: Record<string, string>;
  steps: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  env?: Record<string, string>;
  jobs: Record<string, Job>;
}

type JobResult = "success" | "failure" | "skipped";

/** The result of a job. */
interface JobRun {
  result: JobResult;
  /** Results by step name. */
  steps: Record<string, ScriptResult & { commands: WorkflowCommand[] }>;
  summary: string;
  uploads: SarifUpload[];
}

/** A list of violations, as code scanning gets it. */
interface SarifUpload {
  ref: string;
  sha: string;
  sarif: string;
}

/** The result of a workflow, with the jobs by name. */
export interface WorkflowRun {
  succeeded: boolean;
  jobs: Record<string, JobRun>;
}

/** What a workflow runs for. Default: a pull request of the user `ann`, from a branch of the repository. */
export interface GitHubEvent {
  repository?: string;
  actor?: string;
  trigger?: Trigger;
}

interface RunInput extends GitHubEvent {
  /** Secrets and variables that GitHub provides. Default: those of the team. */
  secrets?: Record<string, string>;
  /** Returns the variables with which a job can get tokens of its identity. Default: none. */
  identify?: (job: Job) => Promise<Variables>;
}

/** The contexts of expressions. */
type Contexts = Record<string, unknown>;

const REPOSITORY = "acme/connections";

/** Parses the text of a workflow. */
export const parseWorkflow = (text: string): Workflow => parse(text) as Workflow;

/** Loads a workflow of the branch. */
export const loadWorkflow = (project: Project, name: string): Workflow =>
  parseWorkflow(project.readFile(`.github/workflows/${name}.yml`));

/**
 * Pushes the branch and runs a workflow as GitHub does: each job on a separate machine, in the order of
 * `needs`.
 */
export async function runOnGitHub(
  { project, comments, ...recipes }: Recipes,
  name: string,
  { secrets = recipes.getSecrets(), identify, ...event }: RunInput = {},
): Promise<WorkflowRun> {
  const workflow = loadWorkflow(project, name);
  const branch = project.push();
  const contexts: Contexts = {
    github: createGitHubContext(event),
    secrets: withEmptyDefaults(secrets),
    vars: withEmptyDefaults(secrets),
  };
  const variables = {
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: comments.url,
    GITHUB_REPOSITORY: REPOSITORY,
    ...recipes.getAddress(),
  };
  const artifacts = new Map<string, string>();
  const jobs: Record<string, JobRun> = {};
  for (const [id, job] of sortJobs(workflow)) {
    const needs = Object.fromEntries(
      getNeeds(job).map((other) => [other, { result: jobs[other]?.result ?? "skipped" }]),
    );
    if (!shouldRun(job, { ...contexts, needs })) {
      jobs[id] = { result: "skipped", steps: {}, summary: "", uploads: [] };
      continue;
    }
    const identity = job.permissions?.["id-token"] === "write" ? await identify?.(job) : {};
    const runner = new JobRunner(project.createMachine(), {
      origin: project.origin,
      branch: JSON.stringify(workflow.on).includes("pull_request") ? branch : "main",
      artifacts,
      variables: { ...variables, ...identity },
      contexts: { ...contexts, needs },
    });
    jobs[id] = await runner.run(workflow, job);
  }
  return { succeeded: Object.values(jobs).every(({ result }) => result !== "failure"), jobs };
}

/** Lists the jobs of a workflow that run for an event without failures. */
export function listJobs(workflow: Workflow, event: GitHubEvent): string[] {
  const running: string[] = [];
  for (const [id, job] of sortJobs(workflow)) {
    const needs = Object.fromEntries(
      getNeeds(job).map((other) => [other, { result: running.includes(other) ? "success" : "skipped" }]),
    );
    if (shouldRun(job, { github: createGitHubContext(event), needs })) running.push(id);
  }
  return running;
}

function createGitHubContext({ repository = REPOSITORY, actor = "ann", trigger }: GitHubEvent) {
  const event = { pull_request: { number: 7, head: { repo: { full_name: repository } } } };
  const { ref, event_name } = trigger ?? PULL_REQUEST;
  return { repository: REPOSITORY, actor, event, event_name, token: "the-token", ref, sha: "the-commit" };
}

const getNeeds = ({ needs = [] }: Job): string[] => (typeof needs === "string" ? [needs] : needs);

function sortJobs({ jobs }: Workflow): [string, Job][] {
  const all = Object.entries(jobs);
  const done: [string, Job][] = [];
  while (done.length < all.length) {
    const ready = all.find(
      (one) => !done.includes(one) && getNeeds(one[1]).every((id) => done.some(([other]) => other === id)),
    );
    if (!ready) throw new Error("the jobs have circular needs");
    done.push(ready);
  }
  return done;
}

/** Without a status function in its condition, a job runs only if all needed jobs succeeded. */
function shouldRun(job: Job, contexts: Contexts): boolean {
  const condition = job.if ?? "true";
  const needs = Object.values(contexts["needs"] as Record<string, { result: JobResult }>);
  const succeeded = needs.every(({ result }) => result === "success");
  return (succeeded || usesStatus(condition)) && isTrue(condition, contexts);
}

const usesStatus = (condition: string): boolean => /\b(always|cancelled|failure|success)\(/.test(condition);

interface RunnerOptions {
  origin: string;
  branch: string;
  /** The folders with the files, by name. */
  artifacts: Map<string, string>;
  variables: Variables;
  contexts: Contexts;
}

/** Runs the steps of one job. */
class JobRunner {
  private readonly steps: JobRun["steps"] = {};
  private readonly outputs: Record<string, { outputs: Record<string, string> }> = {};
  /** The variables that steps have set with GITHUB_ENV for later steps. */
  private variables: Variables = {};
  private readonly path: string[] = [];
  private succeeded = true;
  private readonly uploads: SarifUpload[] = [];

  constructor(
    private readonly machine: Machine,
    private readonly options: RunnerOptions,
  ) {
    writeFileSync(this.getFilePath("summary"), "");
  }

  async run(workflow: Workflow, job: Job): Promise<JobRun> {
    for (const step of job.steps) {
      if (!this.shouldRun(step)) continue;
      const succeeded =
        step.run === undefined ? this.runAction(step) : await this.runStep(workflow, job, step);
      this.succeeded &&= succeeded || step["continue-on-error"] === true;
    }
    const summary = readFileSync(this.getFilePath("summary"), "utf8");
    return {
      result: this.succeeded ? "success" : "failure",
      steps: this.steps,
      summary,
      uploads: this.uploads,
    };
  }

  private shouldRun({ if: condition = "true" }: Step): boolean {
    return (this.succeeded || usesStatus(condition)) && isTrue(condition, this.contexts());
  }

  /** Runs an action of the recipes. */
  private runAction({ uses = "", with: inputs = {} }: Step): boolean {
    const { origin, branch, artifacts } = this.options;
    const getInput = (name: string) => {
      const value = inputs[name];
      return typeof value === "string" ? this.expandExpressions(value) : "";
    };
    switch (uses.replace(/@.*/, "")) {
      case "actions/checkout":
        this.machine.checkOut(origin, getInput("ref") || branch);
        return true;
      case "actions/setup-node":
      case "pulumi/actions":
        return true;
      case "actions/upload-artifact": {
        const folder = path.resolve(this.machine.workspace, getInput("path"));
        if (!existsSync(folder)) return true;
        const stored = path.join(this.machine.temp, "../artifacts", getInput("name"));
        cpSync(folder, stored, { recursive: true, verbatimSymlinks: true });
        artifacts.set(getInput("name"), stored);
        return true;
      }
      case "actions/download-artifact": {
        const folder = artifacts.get(getInput("name"));
        if (folder === undefined) return false;
        mkdirSync(getInput("path"), { recursive: true });
        cpSync(folder, getInput("path"), { recursive: true, verbatimSymlinks: true });
        return true;
      }
      case "github/codeql-action/upload-sarif": {
        const [ref, sha, file] = [getInput("ref"), getInput("sha"), getInput("sarif_file")];
        const sarif = readFileSync(path.join(this.machine.workspace, file), "utf8");
        this.uploads.push({ ref, sha, sarif });
        return true;
      }
      default:
        throw new Error(`unknown action ${uses}`);
    }
  }

  private async runStep(workflow: Workflow, job: Job, { name, id, run = "", env }: Step): Promise<boolean> {
    if (run.startsWith("npm ci")) {
      this.machine.installCommandLine();
      return true;
    }
    for (const file of ["output", "env", "path"]) writeFileSync(this.getFilePath(file), "");
    const own = Object.fromEntries(
      Object.entries({ ...workflow.env, ...job.env, ...env }).map(([key, text]) => [
        key,
        this.expandExpressions(text),
      ]),
    );
    const ran = await this.machine.runBash(run, ["-e"], {
      ...this.options.variables,
      ...this.variables,
      ...own,
      ...(this.path.length > 0 && {
        PATH: [...this.path, process.env["PULUMI_TEST_BIN"], process.env["PATH"]].join(":"),
      }),
      GITHUB_WORKSPACE: this.machine.workspace,
      GITHUB_OUTPUT: this.getFilePath("output"),
      GITHUB_ENV: this.getFilePath("env"),
      GITHUB_PATH: this.getFilePath("path"),
      GITHUB_STEP_SUMMARY: this.getFilePath("summary"),
      RUNNER_TEMP: this.machine.temp,
    });
    const commands = parseWorkflowCommands(ran);
    this.steps[name ?? run] = { ...ran, commands };
    this.applyOutputs(id ?? "", commands);
    return ran.code === 0;
  }

  /** Applies the outputs of a step for later steps. */
  private applyOutputs(id: string, commands: WorkflowCommand[]): void {
    const outputs: Record<string, string> = {};
    for (const { name, properties, value } of commands) {
      if (name === "set-output") outputs[properties.replace(/^name=/, "")] = value;
    }
    Object.assign(outputs, this.readAssignments("output"));
    this.outputs[id] = { outputs };
    this.variables = { ...this.variables, ...this.readAssignments("env") };
    this.path.unshift(...readFileSync(this.getFilePath("path"), "utf8").split("\n").filter(Boolean));
  }

  private readAssignments(file: string): Record<string, string> {
    const lines = readFileSync(this.getFilePath(file), "utf8").split("\n").filter(Boolean);
    return Object.fromEntries(
      lines.map((line) => {
        const [name = "", ...value] = line.split("=");
        return [name, value.join("=")];
      }),
    );
  }

  private getFilePath = (name: string): string => path.join(this.machine.temp, `../${name}`);

  private contexts(): Contexts {
    const runner = { temp: this.machine.temp };
    return { ...this.options.contexts, runner, steps: this.outputs, succeeded: this.succeeded };
  }

  private expandExpressions(text: string): string {
    return text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) =>
      String(evaluate(expression, this.contexts())),
    );
  }
}

/** Unknown secrets and variables are empty, as on GitHub. */
const withEmptyDefaults = (values: Record<string, string>): Record<string, string> =>
  new Proxy(values, { get: (target, name) => target[String(name)] ?? "" });

const isTrue = (condition: string, contexts: Contexts): boolean =>
  Boolean(evaluate(condition.replace(/^\$\{\{ (.*) \}\}$/, "$1"), contexts));

/** Evaluates an expression. The expressions of the recipes are valid JavaScript. */
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
