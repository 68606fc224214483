import { rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { jobsAt, runOnGitHub, workflowOf } from "./github.js";
import { share, useRecipes } from "./project.js";

const recipes = useRecipes("github");
const { engine } = recipes;
const WORKFLOWS = ["review", "deploy", "nightly"];

describe("a pull request on GitHub", () => {
  it("of the repository itself: the report is in the summary, and in one comment that each push updates", async () => {
    const { project, comments } = recipes;
    const first = await runOnGitHub(recipes, "review");
    expect(first.succeeded).toBe(true);
    const { summary = "" } = first.jobs["review"] ?? {};
    expect(summary).toContain(
      "**payments (configured name) → `aaaaaaaa-0001-4000-8000-000000000001`** begins to share `logs` and `metrics`",
    );
    expect(comments.writes).toEqual(["POST /repos/acme/connections/issues/7/comments"]);
    expect(comments.comments[0]?.body).toContain(summary);

    project.program(share(["logs"]));
    const second = await runOnGitHub(recipes, "review");
    expect(second.succeeded).toBe(true);
    expect(second.jobs["review"]?.summary).not.toContain("metrics");
    expect(comments.writes.slice(1)).toEqual([
      `PATCH /repos/acme/connections/issues/comments/${comments.comments[0]?.id}`,
    ]);
    expect(comments.comments).toHaveLength(1);
    expect(comments.comments[0]?.body).toContain(second.jobs["review"]?.summary);
    expect(engine.live()).toEqual([]);
  });

  it("of a fork: no keys, no request to Datadog, no comment; the report is in the summary", async () => {
    const of = { repository: "mallory/connections", secrets: {} };
    const { succeeded, jobs } = await runOnGitHub(recipes, "review", of);
    expect(succeeded).toBe(true);
    expect(jobs["preview"]?.result).toBe("skipped");
    expect(jobs["review"]?.summary).toMatch(
      /^> This comes from a fork[^]*\*\*payments \(configured name\) → hub \(configured name\)\*\* begins to share `logs` and `metrics`/,
    );
    expect(engine.sandbox.requests).toEqual([]);
    expect(recipes.comments.requests).toEqual([]);
  });

  it("that violates a rule fails, with the report still shown, even if it takes the rule away", async () => {
    recipes.project.program(share(["audit"]));
    recipes.project.write("policy.json", "{}");
    const { succeeded, jobs } = await runOnGitHub(recipes, "review");
    expect(succeeded).toBe(false);
    expect(jobs["review"]?.steps["Verdict"]?.code).toBe(5);
    const { summary = "" } = jobs["review"] ?? {};
    expect(summary).toContain("Violates");
    expect(summary).toContain("The rules are those of `policy.json` on `main`");
    expect(recipes.comments.comments[0]?.body).toContain(summary);
  });

  it("whose preview fails fails, with a report that says so", async () => {
    const { project, comments } = recipes;
    project.program(`throw new Error("broken on purpose");\n${share(["logs"])}`);
    const broken = await runOnGitHub(recipes, "review");
    expect([broken.jobs["preview"]?.result, broken.jobs["review"]?.steps["Verdict"]?.code]).toEqual([
      "failure",
      1,
    ]);
    expect(comments.comments[0]?.body).toContain("broken on purpose");

    // A failure of which the preview itself says nothing.
    project.program(share(["logs"]));
    project.write("ci/preview.sh", `${project.read("ci/preview.sh")}\nexit 9\n`);
    const failed = await runOnGitHub(recipes, "review");
    const { result, steps } = failed.jobs["review"] ?? {};
    expect([result, steps?.["Verdict"]?.code]).toEqual(["failure", 1]);
    expect(steps?.["Verdict"]?.output).toContain("::error title=Preview failed::");
  });

  it("that leaves no preview fails, and says so in place of a report", async () => {
    recipes.project.write("ci/preview.sh", "exit 0\n");
    const { succeeded, jobs } = await runOnGitHub(recipes, "review");
    expect([succeeded, jobs["review"]?.steps["Verdict"]?.code]).toEqual([false, 1]);
    expect(recipes.comments.comments[0]?.body).toContain("No report could be made.");
  });

  it("that brings the recipes itself fails: main has no rules yet", async () => {
    const { project } = recipes;
    const [review, post] = [project.read("ci/review.sh"), project.read("ci/post-comment.mjs")];
    for (const file of ["review.sh", "post-comment.mjs"]) rmSync(path.join(project.folder, "ci", file));
    project.merge();
    project.write("ci/review.sh", review);
    project.write("ci/post-comment.mjs", post);
    expect((await runOnGitHub(recipes, "review")).jobs["review"]?.result).toBe("failure");
  });
});

describe("the workflows of GitHub", () => {
  it("run the code of a pull request without a token that may write, and write without its code or any secret", () => {
    const workflow = workflowOf(recipes.project, "review");
    expect(jobsAt(workflow, "acme/connections", "ann")).toEqual(["preview", "review"]);
    expect(jobsAt(workflow, "acme/connections", "dependabot[bot]")).toEqual(["preview_of_fork", "review"]);
    expect(jobsAt(workflow, "mallory/connections", "ann")).toEqual(["preview_of_fork", "review"]);
    const { preview, preview_of_fork: fork, review } = workflow.jobs;
    expect([preview?.permissions, fork?.permissions]).toEqual([{ contents: "read" }, { contents: "read" }]);
    expect(review?.permissions).toEqual({ contents: "read", "pull-requests": "write" });
    expect(JSON.stringify(preview)).toContain("secrets.");
    expect(JSON.stringify(preview)).not.toContain("github.token");
    expect(JSON.stringify(fork)).not.toMatch(/secrets|token }}/);
    expect(JSON.stringify(review)).not.toContain("secrets.");
    expect(review?.steps[0]?.with?.["ref"]).toBe("main");
    expect(workflow.on).toEqual({ pull_request: { branches: ["main"] } });
  });

  it.each(WORKFLOWS)("%s: secrets are in the steps that need them, and nowhere else", (name) => {
    const workflow = workflowOf(recipes.project, name);
    expect(workflow.permissions).toEqual({});
    const { jobs, ...rest } = workflow;
    expect(JSON.stringify(rest)).not.toContain("secrets.");
    for (const { steps, ...job } of Object.values(jobs)) {
      expect(JSON.stringify(job)).not.toContain("secrets.");
      for (const { run = "", ...step } of steps) {
        const isOurs = /(ci\/preview\.sh|ci\/review\.sh|pulumi up|datadog-org-connections inventory)/.test(
          run,
        );
        if (!isOurs) expect(JSON.stringify(step)).not.toContain("secrets.");
        // The value of an expression is never part of a command.
        expect(run).not.toContain("${{");
        if (run.includes("npm ci")) expect(run).toBe("npm ci --ignore-scripts");
      }
    }
  });

  it.each(WORKFLOWS)(
    "%s: actions are pinned by commit, with their version, and take nothing from a cache",
    (name) => {
      const text = recipes.project.read(`.github/workflows/${name}.yml`);
      const actions = [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action);
      expect(actions.length).toBeGreaterThan(2);
      for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      expect(text.match(/package-manager-cache: false/g)).toHaveLength(
        text.match(/actions\/setup-node@/g)?.length ?? 0,
      );
    },
  );
});

describe("main on GitHub", () => {
  it("is deployed; a change that stops sharing is told; the nightly check passes, or fails on what it finds", async () => {
    const { project } = recipes;
    expect((await runOnGitHub(recipes, "deploy")).succeeded).toBe(true);
    expect(engine.live()).toEqual(["payments → observability: logs, metrics"]);

    const clean = await nightly();
    expect(codes(clean)).toEqual([0, 0, 0]);
    expect(clean.summary).toContain("No connection changes.");
    expect(clean.summary).toMatch(/Acme Payments .* payments-to-hub /);

    project.program(share(["logs"]));
    const stops = await runOnGitHub(recipes, "review");
    expect(stops.succeeded).toBe(true);
    expect(stops.jobs["review"]?.steps["Verdict"]?.output).toMatch(/^::warning title=Sharing stops::/);

    engine.sandbox.changeTypes(engine.only().id, ["audit", "logs"]);
    engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["metrics"] });
    const found = await nightly();
    expect(codes(found)).toEqual([0, 4, 6]);
    expect(found.summary).toContain("drift is undone");
    expect(found.summary).toMatch(/Acme Search .* none/);

    engine.sandbox.setPermissions("payments", []);
    const refused = await nightly();
    expect(codes(refused)).toEqual([1, 1, 7]);
    expect(refused.summary).toContain("The preview failed");
    expect(refused.summary).toContain("NOT CHECKED");
  });

  async function nightly() {
    const { jobs } = await runOnGitHub(recipes, "nightly");
    if (!jobs["check"]) throw new Error("no job");
    return jobs["check"];
  }
  const codes = ({ steps }: Awaited<ReturnType<typeof nightly>>) =>
    ["Preview", "Drift", "Inventory"].map((name) => steps[name]?.code);
});
