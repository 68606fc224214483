/** The text of the workflows of GitHub in the examples: who gets which token, and what a pull request can run. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../tree.js";
import { listJobs, parseWorkflow, type GitHubEvent } from "./ci/github.js";
import { MAIN, PULL_REQUEST } from "./no-long-lived-keys/claims.js";

const FOLDERS = ["examples/ci", "examples/no-long-lived-keys"].map((one) => `${one}/.github/workflows`);
const readText = (file: string) => readFileSync(path.join(ROOT, file), "utf8");
const files = FOLDERS.flatMap((folder) =>
  readdirSync(path.join(ROOT, folder)).map((name) => `${folder}/${name}`),
);
const [CI = "", NO_KEYS = ""] = FOLDERS;

describe.each(files)("%s", (file) => {
  const text = readText(file);

  it("pins actions by commit, with their version, and uses no cache", () => {
    const actions = [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action);
    expect(actions.length).toBeGreaterThan(2);
    for (const action of actions) expect(action).toMatch(/^[\w-]+(\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    const setUps = text.match(/actions\/setup-node@/g) ?? [];
    expect(text.match(/package-manager-cache: false/g)).toHaveLength(setUps.length);
  });

  it("gives secrets only to the steps that need them, and runs no scripts of packages", () => {
    const { jobs, ...rest } = parseWorkflow(text);
    expect(rest.permissions).toEqual({});
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    const others = [rest, ...Object.values(jobs).map((job) => ({ ...job, steps: [] }))];
    for (const one of others) expect(JSON.stringify(one)).not.toContain("secrets.");
    for (const { run = "", ...step } of steps) {
      const needs = /ci\/preview\.sh|ci\/review\.sh|pulumi (up|preview)|datadog-org-connections inventory/;
      if (!needs.test(run)) expect(JSON.stringify(step)).not.toContain("secrets.");
      // The value of an expression must not be part of a command.
      expect(run).not.toContain("${{");
      if (run.includes("npm ci")) expect(run).toBe("npm ci --ignore-scripts");
    }
  });
});

const FORK = { repository: "mallory/connections" };
const DEPENDABOT = { actor: "dependabot[bot]" };

describe("a review", () => {
  const workflow = parseWorkflow(readText(`${CI}/review.yml`));

  it.each<[GitHubEvent, string[]]>([
    [{}, ["preview", "review"]],
    [DEPENDABOT, ["preview_of_fork", "review"]],
    [FORK, ["preview_of_fork", "review"]],
  ])("of a pull request of %j has the jobs %j", (event, jobs) => {
    expect(listJobs(workflow, event)).toEqual(jobs);
  });

  it("runs the code of a pull request without a write token, and writes without its code or any secret", () => {
    const { preview, preview_of_fork: fork, review } = workflow.jobs;
    expect([preview?.permissions, fork?.permissions]).toEqual([{ contents: "read" }, { contents: "read" }]);
    expect(review?.permissions).toEqual({
      contents: "read",
      "pull-requests": "write",
      "security-events": "write",
    });
    expect(JSON.stringify(preview)).toContain("secrets.");
    expect(JSON.stringify(preview)).not.toContain("github.token");
    expect(JSON.stringify(fork)).not.toMatch(/secrets|token }}/);
    expect(JSON.stringify(review)).not.toContain("secrets.");
    expect(review?.steps[0]?.with?.["ref"]).toBe("main");
    expect(workflow.on).toEqual({ pull_request: { branches: ["main"] } });
  });
});

describe("the recipe without long-lived keys", () => {
  const text = readText(`${NO_KEYS}/connections.yml`);
  const workflow = parseWorkflow(text);

  it.each<[GitHubEvent, string[]]>([
    [{ trigger: PULL_REQUEST }, ["preview"]],
    [{ trigger: PULL_REQUEST, ...FORK }, []],
    [{ trigger: PULL_REQUEST, ...DEPENDABOT }, []],
    [{ trigger: MAIN }, ["up"]],
  ])("for %j has the jobs %j", (event, jobs) => {
    expect(listJobs(workflow, event)).toEqual(jobs);
  });

  it("runs for main only, has no credentials for Datadog, and gives each job its identity only", () => {
    expect(workflow.on).toEqual({ pull_request: { branches: ["main"] }, push: { branches: ["main"] } });
    expect(text).not.toMatch(/DD_(?:API|APP)_KEY|DD_BEARER_TOKEN|DATADOG_/);
    const secrets = new Set(text.match(/secrets\.\w+/g));
    expect(secrets).toEqual(new Set(["secrets.PULUMI_ACCESS_TOKEN", "secrets.PULUMI_CONFIG_PASSPHRASE"]));
    const { preview, up } = workflow.jobs;
    for (const job of [preview, up])
      expect(job?.permissions).toEqual({ contents: "read", "id-token": "write" });
    expect([preview?.environment, up?.environment]).toEqual([undefined, "production"]);
  });
});
