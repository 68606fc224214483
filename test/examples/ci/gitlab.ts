import { cpSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { Machine, Ran } from "./machine.js";
import type { Project, Recipes } from "./project.js";

interface Rule {
  if: string;
  when?: "always";
}
interface Job {
  script: string[];
  before_script?: string[];
  rules: Rule[];
  needs?: string[];
  environment?: string | { name: string; action: string };
  variables?: Record<string, string>;
  artifacts?: { paths: string[] };
  allow_failure?: { exit_codes: number };
}
interface Pipeline {
  variables: Record<string, string>;
  workflow: { rules: Rule[] };
  default: { before_script: string[]; artifacts: { paths: string[] } };
}

/** How GitLab shows a job that has run. */
export interface JobRun extends Ran {
  status: "success" | "failed" | "warning";
  /** The folder in which what the job leaves behind is stored. */
  artifacts: string;
}

/** A team's variables, by the environment for which they are; those of `*` are for every job. */
export type Scoped = Record<string, Record<string, string>>;

export const pipelineOf = (project: Project) =>
  parse(project.read(".gitlab-ci.yml")) as Pipeline & Record<string, unknown>;

/** Variables of pipelines, as GitLab sets them. */
export const PIPELINES = {
  mergeRequest: {
    CI_PIPELINE_SOURCE: "merge_request_event",
    CI_DEFAULT_BRANCH: "main",
    CI_MERGE_REQUEST_IID: "7",
    CI_MERGE_REQUEST_PROJECT_ID: "12",
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "12",
  },
  main: { CI_PIPELINE_SOURCE: "push", CI_DEFAULT_BRANCH: "main", CI_COMMIT_BRANCH: "main" },
  branch: { CI_PIPELINE_SOURCE: "push", CI_DEFAULT_BRANCH: "main", CI_COMMIT_BRANCH: "idea" },
  schedule: { CI_PIPELINE_SOURCE: "schedule", CI_DEFAULT_BRANCH: "main", CI_COMMIT_BRANCH: "main" },
};

/**
 * Pushes the branch and runs the jobs of a pipeline as GitLab does: each on a machine of its own, all lines of a script
 * in one shell. `npm ci` puts the packages of this tree there.
 */
export async function runOnGitLab(
  { project, comments, address }: Recipes,
  variables: Record<string, string>,
  secrets: Scoped,
): Promise<Record<string, JobRun>> {
  const pipeline = pipelineOf(project);
  const branch = project.push();
  const runs: Record<string, JobRun> = {};
  if (!pipeline.workflow.rules.some((rule) => holds(rule.if, variables))) return runs;
  for (const [name, job] of jobsOf(pipeline)) {
    const rule = job.rules.find((one) => holds(one.if, variables));
    const needs = job.needs ?? [];
    if (!rule || (rule.when !== "always" && needs.some((other) => runs[other]?.status === "failed")))
      continue;
    const machine = project.machine();
    machine.checkout(project.origin, variables["CI_COMMIT_BRANCH"] ?? branch);
    for (const other of needs) {
      const folder = runs[other]?.artifacts;
      if (folder !== undefined)
        cpSync(folder, machine.workspace, { recursive: true, verbatimSymlinks: true });
    }
    const { environment } = job;
    const scope = typeof environment === "object" ? environment.name : environment;
    const given: Record<string, string> = {
      CI: "true",
      CI_API_V4_URL: comments.url,
      CI_PROJECT_DIR: machine.workspace,
      ...address(),
      ...variables,
      ...pipeline.variables,
      ...secrets["*"],
      ...secrets[scope ?? ""],
    };
    const own = Object.entries(job.variables ?? {}).map(([key, text]) => [key, filled(text, given)]);
    const ran = await runScript(
      machine,
      [...(job.before_script ?? pipeline.default.before_script), ...job.script],
      {
        ...given,
        ...(Object.fromEntries(own) as Record<string, string>),
      },
    );
    const isAllowed = ran.code === job.allow_failure?.exit_codes;
    const status = ran.code === 0 ? "success" : isAllowed ? "warning" : "failed";
    const artifacts = store(machine, (job.artifacts ?? pipeline.default.artifacts).paths);
    runs[name] = { ...ran, status, artifacts };
  }
  return runs;
}

/** `npm ci` installs into the folder in which the script is by then. */
function runScript(machine: Machine, lines: string[], variables: Record<string, string>): Promise<Ran> {
  const source = path.join(machine.temp, "../installed");
  machine.install(source);
  const script = lines.map((line) => (line.startsWith("npm ci") ? `cp -R ${source}/node_modules .` : line));
  return machine.bash(["set -eo pipefail", ...script].join("\n"), [], variables);
}

function store(machine: Machine, patterns: string[]): string {
  const stored = path.join(machine.temp, "../artifacts");
  mkdirSync(stored);
  for (const pattern of patterns) {
    // `folder/` or `folder/*.md`
    const folder = path.dirname(`${pattern}x`);
    const from = path.join(machine.workspace, folder);
    if (existsSync(from)) {
      cpSync(from, path.join(stored, folder), { recursive: true, verbatimSymlinks: true });
    }
  }
  return stored;
}

const jobsOf = (pipeline: Record<string, unknown>): [string, Job][] =>
  Object.entries(pipeline).filter((entry): entry is [string, Job] => {
    const [, value] = entry;
    return typeof value === "object" && value !== null && "script" in value;
  });

const filled = (text: string, variables: Record<string, string>): string =>
  text.replace(/\$(\w+)/g, (_, name: string) => variables[name] ?? "");

/** Whether the condition of a rule holds. With its variables replaced it means the same in JavaScript. */
function holds(condition: string, variables: Record<string, string>): boolean {
  const text = condition.replace(/\$(\w+)/g, (_, name: string) => JSON.stringify(variables[name] ?? null));
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- our own file
  return (new Function(`return ${text}`) as () => boolean)();
}
