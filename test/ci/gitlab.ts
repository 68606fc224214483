import { parse } from "yaml";
import type { Project, Ran, useRecipes } from "./project.js";

interface Job {
  script: string[];
  rules: { if: string }[];
  allow_failure?: { exit_codes: number };
}
interface Pipeline {
  variables: Record<string, string>;
  workflow: { rules: { if: string }[] };
  default: { before_script: string[] };
}

/** How GitLab shows a job that has run. */
export interface JobRun extends Ran {
  status: "success" | "failed" | "warning";
}

const pipelineOf = (project: Project) =>
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
 * Runs the jobs of a pipeline as GitLab's runner does: all lines of a script in one shell. `npm ci` is not run: the
 * packages of this tree serve.
 */
export async function runOnGitLab(
  { project, comments, engine }: ReturnType<typeof useRecipes>,
  variables: Record<string, string>,
  secrets: Record<string, string>,
): Promise<Record<string, JobRun>> {
  const pipeline = pipelineOf(project);
  const runs: Record<string, JobRun> = {};
  if (!pipeline.workflow.rules.some((rule) => holds(rule.if, variables))) return runs;
  for (const [name, job] of jobsOf(pipeline)) {
    if (!job.rules.some((rule) => holds(rule.if, variables))) continue;
    const lines = [...pipeline.default.before_script, ...job.script].filter(
      (line) => !line.startsWith("npm ci"),
    );
    const ran = await project.bash(["set -eo pipefail", ...lines].join("\n"), [], {
      CI: "true",
      CI_API_V4_URL: comments.url,
      DD_HOST: engine.sandbox.url,
      ...variables,
      ...pipeline.variables,
      ...secrets,
    });
    const isAllowed = ran.code === job.allow_failure?.exit_codes;
    runs[name] = { ...ran, status: ran.code === 0 ? "success" : isAllowed ? "warning" : "failed" };
  }
  return runs;
}

const jobsOf = (pipeline: Record<string, unknown>): [string, Job][] =>
  Object.entries(pipeline).filter((entry): entry is [string, Job] => {
    const [, value] = entry;
    return typeof value === "object" && value !== null && "script" in value;
  });

/** Whether the condition of a rule holds. With its variables replaced it means the same in JavaScript. */
function holds(condition: string, variables: Record<string, string>): boolean {
  const filled = condition.replace(/\$(\w+)/g, (_, name: string) => JSON.stringify(variables[name] ?? null));
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- our own file
  return (new Function(`return ${filled}`) as () => boolean)();
}
