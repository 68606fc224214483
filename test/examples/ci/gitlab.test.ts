import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { PIPELINES, pipelineOf, runOnGitLab, type JobRun, type Scoped } from "./gitlab.js";
import { share, useRecipes } from "./project.js";

const recipes = useRecipes("gitlab");
const { engine } = recipes;

/** A team's variables, as docs/ci.md says. */
const secrets = (): Scoped => ({
  preview: recipes.secrets(),
  production: recipes.secrets(),
  review: { GITLAB_TOKEN: "the-token" },
});
const reportOf = (job: JobRun | undefined, file: string) =>
  readFileSync(path.join(job?.artifacts ?? "", "org-connections-report", file), "utf8");

describe("GitLab", () => {
  it("reviews a merge request in one note that each push updates, and deploys main", async () => {
    const { project, comments } = recipes;
    const { preview, review, ...others } = await runOnGitLab(recipes, PIPELINES.mergeRequest, secrets());
    expect(others).toEqual({});
    expect([preview?.status, review?.status]).toEqual(["success", "success"]);
    expect(comments.writes).toEqual(["POST /projects/12/merge_requests/7/notes"]);
    expect(comments.comments[0]?.body).toContain(
      "**payments (configured name) → `aaaaaaaa-0001-4000-8000-000000000001`** begins to share",
    );
    expect(comments.comments[0]?.body).toContain(reportOf(review, "review.md"));

    const { up, ...none } = await runOnGitLab(recipes, PIPELINES.main, secrets());
    expect([up?.status, none]).toEqual(["success", {}]);
    expect(engine.live()).toEqual(["payments → observability: logs, metrics"]);

    project.program(share(["logs"]));
    const stops = await runOnGitLab(recipes, PIPELINES.mergeRequest, secrets());
    expect([stops["review"]?.code, stops["review"]?.status]).toEqual([4, "warning"]);
    expect(comments.writes.slice(1)).toEqual([
      `PUT /projects/12/merge_requests/7/notes/${comments.comments[0]?.id}`,
    ]);
    expect(comments.comments.map(({ body }) => body)).toEqual([
      expect.stringContaining("stops sharing `metrics`"),
    ]);
  });

  it("checks by schedule: no drift, and a connection that no program declares", async () => {
    await runOnGitLab(recipes, PIPELINES.main, secrets());
    engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["metrics"] });
    const { drift, inventory, ...rest } = await runOnGitLab(recipes, PIPELINES.schedule, secrets());
    expect([drift?.code, inventory?.code, rest]).toEqual([0, 6, {}]);
    expect(reportOf(inventory, "inventory.md")).toMatch(/Acme Search .* none/);
  });

  it("fails where a rule is violated, with the report in the note, even if the rule is taken away", async () => {
    recipes.project.program(share(["audit"]));
    recipes.project.write("policy.json", "{}");
    const { review } = await runOnGitLab(recipes, PIPELINES.mergeRequest, secrets());
    expect([review?.code, review?.status]).toEqual([5, "failed"]);
    expect(recipes.comments.comments[0]?.body).toContain("Violates");
    expect(recipes.comments.comments[0]?.body).toContain("The rules are those of `policy.json` on `main`");
  });

  it("reviews a preview that failed, too", async () => {
    recipes.project.program(`throw new Error("broken on purpose");\n${share(["logs"])}`);
    const { preview, review } = await runOnGitLab(recipes, PIPELINES.mergeRequest, secrets());
    expect([preview?.status, review?.code]).toEqual(["failed", 1]);
    expect(recipes.comments.comments[0]?.body).toContain("broken on purpose");
  });

  it("previews a fork without keys: no request to Datadog, no note, and the report is kept", async () => {
    const variables = { ...PIPELINES.mergeRequest, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "99" };
    const runs = await runOnGitLab(recipes, variables, {});
    expect(Object.keys(runs)).toEqual(["review-of-fork"]);
    expect(runs["review-of-fork"]?.status).toBe("success");
    expect(reportOf(runs["review-of-fork"], "review.md")).toMatch(
      /^> This comes from a fork[^]*payments \(configured name\) → hub/,
    );
    expect([engine.sandbox.requests, recipes.comments.requests]).toEqual([[], []]);
  });

  it("does nothing for a branch without a merge request", async () => {
    expect(await runOnGitLab(recipes, PIPELINES.branch, secrets())).toEqual({});
  });

  it("runs no script of a package, and clones anew for the job that has the token", () => {
    const text = recipes.project.read(".gitlab-ci.yml");
    expect(text.match(/npm ci.*/g)).toEqual(["npm ci --ignore-scripts", "npm ci --ignore-scripts"]);
    expect(pipelineOf(recipes.project)["review"]).toMatchObject({
      variables: { GIT_STRATEGY: "clone" },
      environment: { name: "review" },
    });
  });
});
