/** A job of a push to the default branch. */
const defaultJob = {
  repository: "acme/infrastructure",
  repository_visibility: "private",
  ref: "refs/heads/main",
  ref_type: "branch",
  event_name: "push",
  workflow: "Deploy",
  actor: "octocat",
  run_id: "1",
  run_attempt: "1",
  runner_environment: "github-hosted",
};

/**
 * Creates the claims of a job of GitHub Actions: https://docs.github.com/en/actions/reference/security/oidc
 *
 * @param changes - claims that differ from those of a push to `main`. The claims that GitHub derives from others follow them
 */
export function createGitHubClaims(changes: Readonly<Record<string, string>>): Record<string, string> {
  const job: typeof defaultJob & { environment?: string } = { ...defaultJob, ...changes };
  const { repository, ref } = job;
  return {
    sub: `repo:${repository}:${formatContext(job)}`,
    repository_owner: repository.split("/")[0] ?? "",
    job_workflow_ref: `${repository}/.github/workflows/deploy.yml@${ref}`,
    ...job,
  };
}

/** Formats the part of `sub` that says where the job runs: an environment takes precedence over the event and the branch. */
function formatContext(job: { environment?: string; event_name: string; ref: string }): string {
  if (job.environment !== undefined) return `environment:${job.environment}`;
  return job.event_name === "pull_request" ? "pull_request" : `ref:${job.ref}`;
}
