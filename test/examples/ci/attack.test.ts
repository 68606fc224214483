import { describe, expect, it } from "vitest";
import { runOnGitHub } from "./github.js";
import { PIPELINES, runOnGitLab } from "./gitlab.js";
import { declareConnection, useRecipes, type Project } from "./project.js";

/** A program in a pull request that tries to replace the rules by its own during the preview. */
const HOSTILE_PROGRAM = `
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

function writeHostileProgram(project: Project): void {
  project.writeProgram(declareConnection(["audit"]));
  project.writeFile("index.ts", `${HOSTILE_PROGRAM}${project.readFile("index.ts")}`);
}

describe("a program that changes the rules, scripts, packages and environment of its job", () => {
  const github = useRecipes("github");
  it("is still checked against the rules of main, on GitHub", async () => {
    writeHostileProgram(github.project);
    const { succeeded, jobs } = await runOnGitHub(github, "review");
    expect(succeeded).toBe(false);
    expect(jobs["review"]?.steps["Verdict"]?.code).toBe(5);
    expect(jobs["review"]?.summary).toContain("Violates");
    expect(github.comments.comments[0]?.body).toContain("Violates");
  });
});

describe("the same program", () => {
  const gitlab = useRecipes("gitlab");
  it("is still checked against the rules of main, on GitLab", async () => {
    writeHostileProgram(gitlab.project);
    const secrets = { "*": { ...gitlab.getSecrets(), GITLAB_TOKEN: "the-token" } };
    const { review } = await runOnGitLab(gitlab, PIPELINES.mergeRequest, secrets);
    expect([review?.code, review?.status]).toEqual([5, "failed"]);
    expect(gitlab.comments.comments[0]?.body).toContain("Violates");
  });
});
