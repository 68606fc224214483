import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { useEngine } from "../engine/stack.js";
import { CommentServer } from "./comment-server.js";
import { jobsAt, readWorkflow, runJob, type JobRun } from "./github.js";
import { Project } from "./project.js";

const engine = useEngine();
let project: Project;
let comments: CommentServer;
beforeEach(async () => {
  project = await Project.create();
  comments = await CommentServer.start("github", "github-actions[bot]");
});
afterEach(async () => {
  project.dispose();
  await comments.close();
});

/** What the runner gives to every job. */
const runnerEnv = () => ({
  GITHUB_ACTIONS: "true",
  GITHUB_API_URL: comments.url,
  GITHUB_REPOSITORY: "acme/connections",
  DD_HOST: engine.sandbox.url,
});
const secrets = () => {
  const { apiKey, appKey } = engine.sandbox.organization("payments");
  return {
    "secrets.PULUMI_CONFIG_PASSPHRASE": "secret",
    "vars.PULUMI_BACKEND_URL": project.backend,
    "secrets.DD_API_KEY__PAYMENTS": apiKey,
    "secrets.DD_APP_KEY__PAYMENTS": appKey,
    "github.token": "the-token",
    "github.event.pull_request.number": "7",
  };
};

interface From {
  from?: string;
  actor?: string;
  values?: Record<string, string>;
}

/** Runs what GitHub would run of a workflow for a pull request from a repository; one job it is. */
async function run(
  name: string,
  { from = "acme/connections", actor = "ann", values = secrets() }: From = {},
): Promise<JobRun> {
  const workflow = readWorkflow(project.read(`.github/workflows/${name}.yml`));
  const event = { pull_request: { head: { repo: { full_name: from } } } };
  const [only = "", ...others] = jobsAt(workflow, { repository: "acme/connections", actor, event });
  expect(others).toEqual([]);
  const job = workflow.jobs[only];
  if (!job) throw new Error(`no job of ${name} runs`);
  return runJob(project, workflow, job, { values, env: runnerEnv() });
}

const share = (types: string[], options = "") =>
  `new OrgConnection("payments-to-hub", { source: "payments", sinkOrgId: hub, connectionTypes: ${JSON.stringify(types)} }, { ${options} });`;

describe("a pull request on GitHub", () => {
  it("of the repository itself: the report is in the summary, and in one comment that each push updates", async () => {
    const first = await run("review");
    expect(first.steps["Review"]?.output).not.toContain("error");
    expect(first.succeeded).toBe(true);
    expect(first.summary).toContain(
      "**Acme Payments → Acme Observability** begins to share `logs` and `metrics`",
    );
    expect(comments.writes).toEqual(["POST /repos/acme/connections/issues/7/comments"]);
    expect(comments.comments[0]?.body).toContain(first.summary);

    project.program(share(["logs"]));
    const second = await run("review");
    expect(second.succeeded).toBe(true);
    expect(second.summary).not.toContain("metrics");
    expect(comments.writes.slice(1)).toEqual([
      `PATCH /repos/acme/connections/issues/comments/${comments.comments[0]?.id}`,
    ]);
    expect(comments.comments).toHaveLength(1);
    expect(comments.comments[0]?.body).toContain(second.summary);
    expect(engine.live()).toEqual([]);
  });

  it.each([
    ["of a fork", { from: "mallory/connections" }],
    ["of Dependabot", { actor: "dependabot[bot]" }],
  ])("%s: no keys, no request to Datadog, no comment; the report is in the summary", async (_, of) => {
    const { succeeded, steps, summary } = await run("review", { ...of, values: {} });
    expect(steps["Review"]?.output).not.toContain("error");
    expect(succeeded).toBe(true);
    expect(summary).toMatch(
      /^> This comes from a fork[^]*\*\*payments → hub\*\* begins to share `logs` and `metrics`/,
    );
    expect(engine.sandbox.requests).toEqual([]);
    expect(comments.requests).toEqual([]);
  });

  it("that violates a rule fails, with the report still shown", async () => {
    project.program(share(["audit"]));
    const { succeeded, steps, summary } = await run("review");
    expect(succeeded).toBe(false);
    expect(steps["Verdict"]?.code).toBe(5);
    expect(summary).toContain("Violates");
    expect(comments.comments[0]?.body).toContain(summary);
  });
});
