import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { PIPELINES, loadPipeline, runOnGitLab, type JobRun, type ScopedVariables } from "./gitlab.js";
import { declareConnection, useRecipes } from "./project.js";

const recipes = useRecipes("gitlab");
const { engine } = recipes;

/** The variables of a team, as in docs/guides/review-in-ci.md. */
const createSecrets = (): ScopedVariables => ({
  preview: recipes.getSecrets(),
  production: recipes.getSecrets(),
  review: { GITLAB_TOKEN: "the-token" },
});
const readReport = (job: JobRun | undefined, file: string) =>
  readFileSync(path.join(job?.artifacts ?? "", "org-connections-report", file), "utf8");

describe("GitLab", () => {
  it("reviews a merge request in one note that each push updates, and deploys main", async () => {
    const { project, comments } = recipes;
    const { preview, review, ...others } = await runOnGitLab(
      recipes,
      PIPELINES.mergeRequest,
      createSecrets(),
    );
    expect(others).toEqual({});
    expect([preview?.status, review?.status]).toEqual(["success", "success"]);
    expect(comments.writes).toEqual(["POST /projects/12/merge_requests/7/notes"]);
    expect(comments.comments[0]?.body).toContain(
      "**payments (configured name) → `aaaaaaaa-0001-4000-8000-000000000001`** starts sharing",
    );
    expect(comments.comments[0]?.body).toContain(readReport(review, "review.md"));

    const { up, ...none } = await runOnGitLab(recipes, PIPELINES.main, createSecrets());
    expect([up?.status, none]).toEqual(["success", {}]);
    expect(engine.listLive()).toEqual(["payments → observability: logs, metrics"]);

    project.writeProgram(declareConnection(["logs"]));
    const stops = await runOnGitLab(recipes, PIPELINES.mergeRequest, createSecrets());
    expect([stops["review"]?.code, stops["review"]?.status]).toEqual([4, "warning"]);
    expect(comments.writes.slice(1)).toEqual([
      `PUT /projects/12/merge_requests/7/notes/${comments.comments[0]?.id}`,
    ]);
    expect(comments.comments.map(({ body }) => body)).toEqual([
      expect.stringContaining("stops sharing `metrics`"),
    ]);
  });

  it("finds no drift and an unmanaged connection by schedule", async () => {
    await runOnGitLab(recipes, PIPELINES.main, createSecrets());
    engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["metrics"] });
    const { drift, inventory, ...rest } = await runOnGitLab(recipes, PIPELINES.schedule, createSecrets());
    expect([drift?.code, inventory?.code, rest]).toEqual([0, 6, {}]);
    expect(readReport(inventory, "inventory.md")).toMatch(/Acme Search .* none/);
  });

  it("fails if a rule is violated, with the report in the note, even if the rule is removed", async () => {
    recipes.project.writeProgram(declareConnection(["audit"]));
    recipes.project.writeFile("policy.json", "{}");
    const { review } = await runOnGitLab(recipes, PIPELINES.mergeRequest, createSecrets());
    expect([review?.code, review?.status]).toEqual([5, "failed"]);
    expect(recipes.comments.comments[0]?.body).toContain("Violates");
    expect(recipes.comments.comments[0]?.body).toContain("The rules come from `policy.json` on `main`");
  });

  it("also reviews a failed preview", async () => {
    recipes.project.writeProgram(`throw new Error("broken on purpose");\n${declareConnection(["logs"])}`);
    const { preview, review } = await runOnGitLab(recipes, PIPELINES.mergeRequest, createSecrets());
    expect([preview?.status, review?.code]).toEqual(["failed", 1]);
    expect(recipes.comments.comments[0]?.body).toContain("broken on purpose");
  });

  it("previews a fork without keys, without requests to Datadog or a note, and stores the report", async () => {
    const variables = { ...PIPELINES.mergeRequest, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "99" };
    const runs = await runOnGitLab(recipes, variables, {});
    expect(Object.keys(runs)).toEqual(["review-of-fork"]);
    expect(runs["review-of-fork"]?.status).toBe("success");
    expect(readReport(runs["review-of-fork"], "review.md")).toMatch(
      /^> This change comes from a fork[^]*payments \(configured name\) → hub/,
    );
    expect([engine.sandbox.requests, recipes.comments.requests]).toEqual([[], []]);
  });

  it("does nothing for a branch without a merge request", async () => {
    expect(await runOnGitLab(recipes, PIPELINES.branch, createSecrets())).toEqual({});
  });

  it("runs no scripts of packages, and clones again for the job with the token", () => {
    const text = recipes.project.readFile(".gitlab-ci.yml");
    expect(text.match(/npm ci.*/g)).toEqual(["npm ci --ignore-scripts", "npm ci --ignore-scripts"]);
    expect(loadPipeline(recipes.project)["review"]).toMatchObject({
      variables: { GIT_STRATEGY: "clone" },
      environment: { name: "review" },
    });
  });
});
