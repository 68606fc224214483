/** The claims of a job of GitHub Actions: https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims */

/** What triggers a run of a workflow. */
export interface Trigger {
  event_name: string;
  ref: string;
}

export const PULL_REQUEST: Trigger = { event_name: "pull_request", ref: "refs/pull/7/merge" };
export const MAIN: Trigger = { event_name: "push", ref: "refs/heads/main" };
export const BRANCH: Trigger = { event_name: "push", ref: "refs/heads/idea" };
export const NIGHTLY: Trigger = { event_name: "schedule", ref: "refs/heads/main" };

/** Creates the claims of a job of the repository `acme/connections`. */
export function createClaims(
  environment: string | undefined,
  { event_name, ref }: Trigger,
): Record<string, string> & { sub: string } {
  const context =
    environment !== undefined
      ? `environment:${environment}`
      : event_name === "pull_request"
        ? "pull_request"
        : `ref:${ref}`;
  return {
    sub: `repo:acme/connections:${context}`,
    repository: "acme/connections",
    event_name,
    ref,
    ...(environment !== undefined && { environment }),
  };
}
