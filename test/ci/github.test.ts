import { describe, expect, it } from "vitest";
import { jobsAt, runOnGitHub, workflowOf } from "./github.js";
import { share, useRecipes } from "./project.js";

const recipes = useRecipes("github");
const { engine } = recipes;

describe("a pull request on GitHub", () => {
  it("of the repository itself: the report is in the summary, and in one comment that each push updates", async () => {
    const { project, comments } = recipes;
    const first = await runOnGitHub(recipes, "review");
    expect(first.steps["Review"]?.output).not.toContain("error");
    expect(first.succeeded).toBe(true);
    expect(first.summary).toContain(
      "**Acme Payments → Acme Observability** begins to share `logs` and `metrics`",
    );
    expect(comments.writes).toEqual(["POST /repos/acme/connections/issues/7/comments"]);
    expect(comments.comments[0]?.body).toContain(first.summary);

    project.program(share(["logs"]));
    const second = await runOnGitHub(recipes, "review");
    expect(second.succeeded).toBe(true);
    expect(second.summary).not.toContain("metrics");
    expect(comments.writes.slice(1)).toEqual([
      `PATCH /repos/acme/connections/issues/comments/${comments.comments[0]?.id}`,
    ]);
    expect(comments.comments).toHaveLength(1);
    expect(comments.comments[0]?.body).toContain(second.summary);
    expect(engine.live()).toEqual([]);
  });

  it("of a fork: no keys, no request to Datadog, no comment; the report is in the summary", async () => {
    const of = { repository: "mallory/connections", secrets: {} };
    const { succeeded, steps, summary } = await runOnGitHub(recipes, "review", of);
    expect(steps["Review"]?.output).not.toContain("error");
    expect(succeeded).toBe(true);
    expect(summary).toMatch(
      /^> This comes from a fork[^]*\*\*payments \(configured name\) → hub \(configured name\)\*\* begins to share `logs` and `metrics`/,
    );
    expect(engine.sandbox.requests).toEqual([]);
    expect(recipes.comments.requests).toEqual([]);
  });

  it("that violates a rule fails, with the report still shown", async () => {
    recipes.project.program(share(["audit"]));
    const { succeeded, steps, summary } = await runOnGitHub(recipes, "review");
    expect(succeeded).toBe(false);
    expect(steps["Verdict"]?.code).toBe(5);
    expect(summary).toContain("Violates");
    expect(recipes.comments.comments[0]?.body).toContain(summary);
  });

  it("of Dependabot or a fork meets a job that names no secret and may only read", () => {
    const workflow = workflowOf(recipes.project, "review");
    expect(jobsAt(workflow, "acme/connections", "ann")).toEqual(["review"]);
    expect(jobsAt(workflow, "acme/connections", "dependabot[bot]")).toEqual(["review-of-fork"]);
    expect(jobsAt(workflow, "mallory/connections", "ann")).toEqual(["review-of-fork"]);
    expect(JSON.stringify(workflow.jobs["review"])).toContain("secrets.");
    expect(JSON.stringify(workflow.jobs["review-of-fork"])).not.toMatch(/secrets|token/);
    expect(workflow.jobs["review-of-fork"]?.permissions).toEqual({ contents: "read" });
    expect(workflow.on).toBe("pull_request");
  });

  it("puts no value of an expression into a command", () => {
    for (const name of ["review", "deploy", "nightly"]) {
      const workflow = workflowOf(recipes.project, name);
      expect(workflow.permissions).toEqual({});
      const commands = Object.values(workflow.jobs).flatMap(({ steps }) => steps.map(({ run }) => run ?? ""));
      expect(commands.join("")).toContain("ci");
      expect(commands.filter((command) => command.includes("${{"))).toEqual([]);
    }
  });
});

describe("main on GitHub", () => {
  it("is deployed; a change that stops sharing is told; the nightly check passes, or fails on what it finds", async () => {
    const { project } = recipes;
    expect((await runOnGitHub(recipes, "deploy")).succeeded).toBe(true);
    expect(engine.live()).toEqual(["payments → observability: logs, metrics"]);

    const clean = await runOnGitHub(recipes, "nightly");
    expect(Object.values(clean.steps).map(({ code }) => code)).toEqual([0, 0]);
    expect(clean.summary).toContain("No connection changes.");
    expect(clean.summary).toMatch(/Acme Payments .* payments-to-hub /);

    const declared = project.read("index.ts");
    project.program(share(["logs"]));
    const stops = await runOnGitHub(recipes, "review");
    expect(stops.succeeded).toBe(true);
    expect(stops.steps["Verdict"]?.output).toMatch(/^::warning title=Sharing stops::/);
    project.write("index.ts", declared);

    engine.sandbox.changeTypes(engine.only().id, ["audit", "logs"]);
    engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["metrics"] });
    const found = await runOnGitHub(recipes, "nightly");
    expect([found.steps["Drift"]?.code, found.steps["Inventory"]?.code]).toEqual([4, 6]);
    expect(found.summary).toContain("drift is undone");
    expect(found.summary).toMatch(/Acme Search .* none/);

    engine.sandbox.setPermissions("payments", []);
    const refused = await runOnGitHub(recipes, "nightly");
    expect([refused.steps["Drift"]?.code, refused.steps["Inventory"]?.code]).toEqual([1, 7]);
    expect(refused.summary).toContain("NOT CHECKED");
    expect(project.read("org-connections-report/review.md")).toContain("The preview failed");
  });
});
