import { rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { runOnGitHub } from "./github.js";
import { declareConnection, useRecipes } from "./project.js";

const recipes = useRecipes("github");
const { engine } = recipes;

describe("a pull request on GitHub", () => {
  it("from the repository has the report in the summary, and in one comment that each push updates", async () => {
    const { project, comments } = recipes;
    const first = await runOnGitHub(recipes, "review");
    expect(first.succeeded).toBe(true);
    const { summary = "" } = first.jobs["review"] ?? {};
    expect(summary).toContain(
      "**payments (configured name) → `aaaaaaaa-0001-4000-8000-000000000001`** starts sharing `logs` and `metrics`",
    );
    expect(comments.writes).toEqual(["POST /repos/acme/connections/issues/7/comments"]);
    expect(comments.comments[0]?.body).toContain(summary);

    project.writeProgram(declareConnection(["logs"]));
    const second = await runOnGitHub(recipes, "review");
    expect(second.succeeded).toBe(true);
    expect(second.jobs["review"]?.summary).not.toContain("metrics");
    expect(comments.writes.slice(1)).toEqual([
      `PATCH /repos/acme/connections/issues/comments/${comments.comments[0]?.id}`,
    ]);
    expect(comments.comments).toHaveLength(1);
    expect(comments.comments[0]?.body).toContain(second.jobs["review"]?.summary);
    expect(engine.listLive()).toEqual([]);
  });

  it("from a fork has no credentials, sends no request to Datadog and no comment, and has the report in the summary", async () => {
    const of = { repository: "mallory/connections", secrets: {} };
    const { succeeded, jobs } = await runOnGitHub(recipes, "review", of);
    expect(succeeded).toBe(true);
    expect(jobs["preview"]?.result).toBe("skipped");
    expect(jobs["review"]?.summary).toMatch(
      /^> This change comes from a fork[^]*\*\*payments \(configured name\) → hub \(configured name\)\*\* starts sharing `logs` and `metrics`/,
    );
    expect(engine.sandbox.requests).toEqual([]);
    expect(recipes.comments.requests).toEqual([]);
  });

  it("that violates a rule fails with the report, even if it removes the rule", async () => {
    recipes.project.writeProgram(declareConnection(["audit"]));
    recipes.project.writeFile("policy.json", "{}");
    const { succeeded, jobs } = await runOnGitHub(recipes, "review");
    expect(succeeded).toBe(false);
    expect(jobs["review"]?.steps["Verdict"]?.code).toBe(5);
    expect(jobs["review"]?.steps["Verdict"]?.output).toMatch(
      /^::error title=A rule is violated::1 created · policy: \d violations?\. See /,
    );
    expect(jobs["review"]?.uploads).toEqual([]);
    const { summary = "" } = jobs["review"] ?? {};
    expect(summary).toContain("Violates");
    expect(summary).toContain("The rules come from `policy.json` on `main`");
    expect(recipes.comments.comments[0]?.body).toContain(summary);
  });

  // Events contain no lines of the program.
  it("that violates a rule is shown at the rules, if code scanning is enabled", async () => {
    recipes.project.writeProgram(`\n\n${declareConnection(["audit"])}`);
    const secrets = { ...recipes.getSecrets(), CODE_SCANNING: "true" };
    const { jobs } = await runOnGitHub(recipes, "review", { secrets });
    const [upload] = jobs["review"]?.uploads ?? [];
    expect(upload).toMatchObject({ ref: "refs/pull/7/merge", sha: "the-commit" });
    const { runs } = JSON.parse(upload?.sarif ?? "") as {
      runs: { results: { locations: { physicalLocation: unknown }[] }[] }[];
    };
    expect(runs[0]?.results[0]?.locations[0]?.physicalLocation).toMatchObject({
      artifactLocation: { uri: "policy.json" },
    });
  });

  it("with a failed preview fails, and the report shows the failure", async () => {
    const { project, comments } = recipes;
    project.writeProgram(`throw new Error("broken on purpose");\n${declareConnection(["logs"])}`);
    const broken = await runOnGitHub(recipes, "review");
    expect([broken.jobs["preview"]?.result, broken.jobs["review"]?.steps["Verdict"]?.code]).toEqual([
      "failure",
      1,
    ]);
    expect(comments.comments[0]?.body).toContain("broken on purpose");
    expect(broken.jobs["preview"]?.steps["Preview"]?.output).toMatch(/^error: .*broken on purpose/m);

    // A failure that is not in the preview.
    project.writeProgram(declareConnection(["logs"]));
    project.writeFile("ci/preview.sh", project.readFile("ci/preview.sh").replace(/^exit .*/m, "exit 9"));
    const failed = await runOnGitHub(recipes, "review");
    const { result, steps } = failed.jobs["review"] ?? {};
    expect([result, steps?.["Verdict"]?.code]).toEqual(["failure", 1]);
    expect(steps?.["Verdict"]?.output).toContain("::error title=Preview failed::");
  });

  it("without a preview fails, with a message instead of a report", async () => {
    recipes.project.writeFile("ci/preview.sh", "exit 0\n");
    const { succeeded, jobs } = await runOnGitHub(recipes, "review");
    expect([succeeded, jobs["review"]?.steps["Verdict"]?.code]).toEqual([false, 1]);
    expect(recipes.comments.comments[0]?.body).toContain("The report could not be created.");
  });

  it("that adds the recipes fails: main has no rules yet", async () => {
    const { project } = recipes;
    const [review, post] = [project.readFile("ci/review.sh"), project.readFile("ci/post-comment.mjs")];
    for (const file of ["review.sh", "post-comment.mjs"]) rmSync(path.join(project.folder, "ci", file));
    project.merge();
    project.writeFile("ci/review.sh", review);
    project.writeFile("ci/post-comment.mjs", post);
    expect((await runOnGitHub(recipes, "review")).jobs["review"]?.result).toBe("failure");
  });
});

describe("main on GitHub", () => {
  it("is deployed; a change that stops sharing has a warning; the nightly check passes, or fails with its findings", async () => {
    const { project } = recipes;
    expect((await runOnGitHub(recipes, "deploy")).succeeded).toBe(true);
    expect(engine.listLive()).toEqual(["payments → observability: logs, metrics"]);

    const clean = await runNightly();
    expect(listCodes(clean)).toEqual([0, 0, 0]);
    expect(clean.summary).toContain("No connections change.");
    expect(clean.summary).toMatch(/Acme Payments .* payments-to-hub /);

    project.writeProgram(declareConnection(["logs"]));
    const stops = await runOnGitHub(recipes, "review");
    expect(stops.succeeded).toBe(true);
    expect(stops.jobs["review"]?.steps["Verdict"]?.output).toMatch(
      /^::warning title=Data stops being shared::1 stops sharing · policy: no violations\. See /,
    );

    engine.sandbox.changeTypes(engine.getOnlyConnection().id, ["audit", "logs"]);
    engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["metrics"] });
    const found = await runNightly();
    expect(listCodes(found)).toEqual([0, 4, 6]);
    expect(found.summary).toContain("drift will be corrected");
    expect(found.summary).toMatch(/Acme Search .* none/);

    engine.sandbox.setPermissions("payments", []);
    const refused = await runNightly();
    expect(listCodes(refused)).toEqual([1, 1, 7]);
    expect(refused.summary).toContain("The preview failed");
    expect(refused.summary).toContain("NOT CHECKED");
  });

  async function runNightly() {
    const { jobs } = await runOnGitHub(recipes, "nightly");
    if (!jobs["check"]) throw new Error("no job");
    return jobs["check"];
  }
  const listCodes = ({ steps }: Awaited<ReturnType<typeof runNightly>>) =>
    ["Preview", "Drift", "Inventory"].map((name) => steps[name]?.code);
});
