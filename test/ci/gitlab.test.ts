import { describe, expect, it } from "vitest";
import { PIPELINES, runOnGitLab } from "./gitlab.js";
import { share, useRecipes } from "./project.js";

const recipes = useRecipes("gitlab");
const { engine } = recipes;
const secrets = () => ({ ...recipes.secrets(), GITLAB_TOKEN: "the-token" });

describe("GitLab", () => {
  it("reviews a merge request in one note that each push updates, and deploys main", async () => {
    const { project, comments } = recipes;
    const { review, ...others } = await runOnGitLab(recipes, PIPELINES.mergeRequest, secrets());
    expect(others).toEqual({});
    expect(review?.output).not.toContain("error");
    expect(review?.status).toBe("success");
    expect(comments.writes).toEqual(["POST /projects/12/merge_requests/7/notes"]);
    expect(comments.comments[0]?.body).toContain("**Acme Payments → Acme Observability** begins to share");

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
    expect(recipes.project.read("org-connections-report/inventory.md")).toMatch(/Acme Search .* none/);
  });

  it("fails where a rule is violated, with the report in the note", async () => {
    recipes.project.program(share(["audit"]));
    const { review } = await runOnGitLab(recipes, PIPELINES.mergeRequest, secrets());
    expect([review?.code, review?.status]).toEqual([5, "failed"]);
    expect(recipes.comments.comments[0]?.body).toContain("Violates");
  });

  it("previews a fork without keys: no request to Datadog, no note, and the report is kept", async () => {
    const variables = { ...PIPELINES.mergeRequest, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "99" };
    const runs = await runOnGitLab(recipes, variables, {});
    expect(Object.keys(runs)).toEqual(["review-of-fork"]);
    expect(runs["review-of-fork"]?.status).toBe("success");
    expect(recipes.project.read("org-connections-report/review.md")).toMatch(
      /^> This comes from a fork[^]*payments \(configured name\) → hub/,
    );
    expect([engine.sandbox.requests, recipes.comments.requests]).toEqual([[], []]);
  });

  it("does nothing for a branch without a merge request", async () => {
    expect(await runOnGitLab(recipes, PIPELINES.branch, secrets())).toEqual({});
  });
});
