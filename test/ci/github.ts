import { writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { Project, Ran, useRecipes } from "./project.js";

interface Step {
  name?: string;
  id?: string;
  if?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
}
interface Job {
  if?: string;
  env?: Record<string, string>;
  permissions?: Record<string, string>;
  steps: Step[];
}
interface Workflow {
  on: unknown;
  permissions: Record<string, string>;
  env?: Record<string, string>;
  jobs: Record<string, Job>;
}

/** What GitHub knows of an event, as far as the recipes ask. */
interface GitHubEvent {
  repository: string;
  actor: string;
  event: { pull_request: { head: { repo: { full_name: string } } } };
}

/** How a job went. */
export interface JobRun {
  succeeded: boolean;
  /** By name of the step. */
  steps: Record<string, Ran>;
  summary: string;
}

/** Who sends a pull request. Left out: Ann, from a branch of the repository. */
interface From {
  repository?: string;
  actor?: string;
  /** Secrets and variables that GitHub hands out. Default: those of the team. */
  secrets?: Record<string, string>;
}

const REPOSITORY = "acme/connections";

/** A workflow of a checkout. */
export const workflowOf = (project: Project, name: string): Workflow =>
  parse(project.read(`.github/workflows/${name}.yml`)) as Workflow;

/** Runs what GitHub runs of a workflow, which is one job. */
export async function runOnGitHub(
  { project, comments, engine, ...recipes }: ReturnType<typeof useRecipes>,
  name: string,
  { repository = REPOSITORY, actor = "ann", secrets = recipes.secrets() }: From = {},
): Promise<JobRun> {
  const workflow = workflowOf(project, name);
  const [only, ...others] = jobsAt(workflow, repository, actor);
  const job = workflow.jobs[only ?? ""];
  if (!job || others.length > 0) throw new Error(`not one job of ${name} runs, but ${others.length + 1}`);
  const stored = Object.entries(secrets).flatMap(([secret, value]) => [
    [`secrets.${secret}`, value],
    [`vars.${secret}`, value],
  ]);
  return runJob(project, workflow, job, {
    values: {
      ...(Object.fromEntries(stored) as Record<string, string>),
      "github.token": "the-token",
      "github.event.pull_request.number": "7",
    },
    env: {
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: comments.url,
      GITHUB_REPOSITORY: REPOSITORY,
      // Where the sandbox is; a team sets DD_SITE.
      DD_HOST: engine.sandbox.url,
    },
  });
}

/** The jobs of a workflow that run for a pull request. Their conditions mean the same in JavaScript. */
export function jobsAt({ jobs }: Workflow, repository: string, actor: string): string[] {
  const event = { pull_request: { head: { repo: { full_name: repository } } } };
  const github: GitHubEvent = { repository: REPOSITORY, actor, event };
  return Object.entries(jobs)
    .filter(([, job]) => {
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- our own file
      const condition = new Function("github", `return ${job.if ?? "true"}`) as (
        given: GitHubEvent,
      ) => boolean;
      return condition(github);
    })
    .map(([name]) => name);
}

/**
 * Runs each `run` of a job as GitHub's runner does on Linux. Actions are not run, nor is `npm ci`: the packages of this
 * tree serve.
 *
 * @param values - of expressions, such as `secrets.DD_SITE`; an unknown secret or variable is empty, as on GitHub
 */
async function runJob(
  project: Project,
  { env: forAll = {} }: Workflow,
  job: Job,
  { values, env }: { values: Record<string, string>; env: Record<string, string> },
): Promise<JobRun> {
  const known = { ...values };
  const file = (name: string) => path.join(project.folder, "home", name);
  writeFileSync(file("summary"), "");
  const steps: Record<string, Ran> = {};
  let succeeded = true;
  for (const step of job.steps) {
    if (step.run === undefined || step.run.startsWith("npm ci")) continue;
    if (!succeeded && !isRunAfterFailure(step)) continue;
    writeFileSync(file("output"), "");
    const ran = await project.bash(step.run, ["-e"], {
      ...env,
      ...evaluated({ ...forAll, ...job.env, ...step.env }, known),
      GITHUB_OUTPUT: file("output"),
      GITHUB_STEP_SUMMARY: file("summary"),
    });
    steps[step.name ?? step.run] = ran;
    succeeded &&= ran.code === 0;
    for (const line of project.read("home/output").split("\n").filter(Boolean)) {
      const [name = "", ...value] = line.split("=");
      known[`steps.${step.id ?? ""}.outputs.${name}`] = value.join("=");
    }
  }
  return { succeeded, steps, summary: project.read("home/summary") };
}

function isRunAfterFailure(step: Step): boolean {
  if (step.if === undefined) return false;
  if (step.if === "${{ !cancelled() }}") return true;
  throw new Error(`the condition ${step.if} is not known to this test`);
}

function evaluated(env: Record<string, string>, values: Record<string, string>): Record<string, string> {
  const valueOf = (expression: string): string => {
    const value = values[expression] ?? (/^(secrets|vars)\.\w+$/.test(expression) ? "" : undefined);
    if (value === undefined) throw new Error(`the expression ${expression} is not known to this test`);
    return value;
  };
  return Object.fromEntries(
    Object.entries(env).map(([name, text]) => [
      name,
      text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => valueOf(expression)),
    ]),
  );
}
