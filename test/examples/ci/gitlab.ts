import { cpSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { Machine, ScriptResult } from "./machine.js";
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

/** The result of a job, as GitLab shows it. */
export interface JobRun extends ScriptResult {
  status: "success" | "failed" | "warning";
  /** The folder with the stored artifacts of the job. */
  artifacts: string;
}

/** The variables of a team by environment. `*` is for every job. */
export type ScopedVariables = Record<string, Record<string, string>>;

export const loadPipeline = (project: Project) =>
  parse(project.readFile(".gitlab-ci.yml")) as Pipeline & Record<string, unknown>;

/** Variables that GitLab sets for pipelines. */
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
 * Pushes the branch and runs the jobs of a pipeline as GitLab does: each on a separate machine, all lines of
 * a script in one shell. `npm ci` installs the packages of this repository.
 */
export async function runOnGitLab(
  { project, comments, getAddress }: Recipes,
  variables: Record<string, string>,
  secrets: ScopedVariables,
): Promise<Record<string, JobRun>> {
  const pipeline = loadPipeline(project);
  const branch = project.push();
  const runs: Record<string, JobRun> = {};
  if (!pipeline.workflow.rules.some((rule) => isRuleMet(rule.if, variables))) return runs;
  for (const [name, job] of listJobs(pipeline)) {
    const rule = job.rules.find((one) => isRuleMet(one.if, variables));
    const needs = job.needs ?? [];
    if (!rule || (rule.when !== "always" && needs.some((other) => runs[other]?.status === "failed")))
      continue;
    const machine = project.createMachine();
    machine.checkOut(project.origin, variables["CI_COMMIT_BRANCH"] ?? branch);
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
      ...getAddress(),
      ...variables,
      ...pipeline.variables,
      ...secrets["*"],
      ...secrets[scope ?? ""],
    };
    const own = Object.entries(job.variables ?? {}).map(([key, text]) => [key, expandVariables(text, given)]);
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
    const artifacts = storeArtifacts(machine, (job.artifacts ?? pipeline.default.artifacts).paths);
    runs[name] = { ...ran, status, artifacts };
  }
  return runs;
}

/** `npm ci` installs into the current folder of the script. */
function runScript(
  machine: Machine,
  lines: string[],
  variables: Record<string, string>,
): Promise<ScriptResult> {
  const source = path.join(machine.temp, "../installed");
  machine.installCommandLine(source);
  const script = lines.map((line) => (line.startsWith("npm ci") ? `cp -R ${source}/node_modules .` : line));
  return machine.runBash(["set -eo pipefail", ...script].join("\n"), [], variables);
}

function storeArtifacts(machine: Machine, patterns: string[]): string {
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

const listJobs = (pipeline: Record<string, unknown>): [string, Job][] =>
  Object.entries(pipeline).filter((entry): entry is [string, Job] => {
    const [, value] = entry;
    return typeof value === "object" && value !== null && "script" in value;
  });

const expandVariables = (text: string, variables: Record<string, string>): string =>
  text.replace(/\$(\w+)/g, (_, name: string) => variables[name] ?? "");

/** Whether the condition of a rule is true. With its variables replaced, it is valid JavaScript. */
function isRuleMet(condition: string, variables: Record<string, string>): boolean {
  const text = condition.replace(/\$(\w+)/g, (_, name: string) => JSON.stringify(variables[name] ?? null));
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- our own file
  return (new Function(`return ${text}`) as () => boolean)();
}
