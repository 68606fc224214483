import { describe, expect, it } from "vitest";
import { runOnGitHub } from "./github.js";
import { PIPELINES, runOnGitLab } from "./gitlab.js";
import { share, useRecipes, type Project } from "./project.js";

/** What a program of a pull request may do while it is previewed, to be judged by its own rules. */
const TAKE_OVER = `
import * as fs from "node:fs";
const lenient = '#!/bin/sh\\necho "Nothing to see here."\\nexit 0\\n';
fs.writeFileSync("policy.json", '{}');
for (const file of ["ci/review.sh", "node_modules/.bin/datadog-org-connections"]) fs.writeFileSync(file, lenient);
fs.writeFileSync("ci/post-comment.mjs", 'console.log("Nothing to see here.");');
const set = (file: string | undefined, line: string) => file !== undefined && fs.appendFileSync(file, line + "\\n");
set(process.env.GITHUB_OUTPUT, "code=0");
set(process.env.GITHUB_ENV, "CODE=0");
set(process.env.GITHUB_PATH, process.cwd() + "/node_modules/.bin");
fs.writeFileSync("node_modules/.bin/npx", lenient, { mode: 0o755 });
`;

function takeOver(project: Project): void {
  project.program(share(["audit"]));
  project.write("index.ts", `${TAKE_OVER}${project.read("index.ts")}`);
}

describe("a program that rewrites rules, scripts, packages and the environment of its job", () => {
  const github = useRecipes("github");
  it("is judged by the rules of main all the same, on GitHub", async () => {
    takeOver(github.project);
    const { succeeded, jobs } = await runOnGitHub(github, "review");
    expect(succeeded).toBe(false);
    expect(jobs["review"]?.steps["Verdict"]?.code).toBe(5);
    expect(jobs["review"]?.summary).toContain("Violates");
    expect(github.comments.comments[0]?.body).toContain("Violates");
  });
});

describe("the same program", () => {
  const gitlab = useRecipes("gitlab");
  it("is judged by the rules of main all the same, on GitLab", async () => {
    takeOver(gitlab.project);
    const secrets = { "*": { ...gitlab.secrets(), GITLAB_TOKEN: "the-token" } };
    const { review } = await runOnGitLab(gitlab, PIPELINES.mergeRequest, secrets);
    expect([review?.code, review?.status]).toEqual([5, "failed"]);
    expect(gitlab.comments.comments[0]?.body).toContain("Violates");
  });
});
