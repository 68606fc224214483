/** The recipes without a secret for Datadog, changed as docs/guides/no-long-lived-keys.md says. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { createClaims, MAIN, NIGHTLY, PULL_REQUEST } from "../no-long-lived-keys/claims.js";
import { startTokenEndpoint, type TokenEndpoint } from "../no-long-lived-keys/token-endpoint.js";
import { loadWorkflow, runOnGitHub } from "./github.js";
import { useRecipes } from "./project.js";

const recipes = useRecipes("github");
const { engine } = recipes;
/** The jobs that the guide names, by workflow, and what triggers the workflow. */
const JOBS = {
  review: { job: "preview", trigger: PULL_REQUEST },
  deploy: { job: "up", trigger: MAIN },
  nightly: { job: "check", trigger: NIGHTLY },
};
type Name = keyof typeof JOBS;

const endpoints: TokenEndpoint[] = [];
afterEach(() => {
  for (const endpoint of endpoints.splice(0)) endpoint.close();
});

beforeEach(() => {
  const { project } = recipes;
  for (const name of Object.keys(JOBS) as Name[]) removeKeys(name);
  const file = "Pulumi.prod.yaml";
  const setting = "  datadog-org-connections:identity:\n    type: github\n";
  project.writeFile(
    file,
    project.readFile(file).replace(/^config:\n/m, (line) => `${line}${setting}`),
  );
  project.merge();
  const map = (claims: Record<string, string>, scopes: string[]) =>
    engine.sandbox.mapIdentity({ organization: "payments", identity: { type: "jwt", claims }, scopes });
  const read = ["org_connections_read"];
  map({ sub: "repo:acme/connections:pull_request", event_name: "pull_request" }, read);
  map({ sub: "repo:acme/connections:ref:refs/heads/main", event_name: "schedule" }, read);
  map({ sub: "repo:acme/connections:environment:production", ref: "refs/heads/main", event_name: "push" }, [
    ...read,
    "org_connections_write",
  ]);
});

/** Replaces the keys of the steps of a workflow by the permission of their job. */
function removeKeys(name: Name): void {
  const workflow = loadWorkflow(recipes.project, name);
  const changed = Object.entries(workflow.jobs).filter(([, job]) => {
    const steps = job.steps.filter(({ env }) => env?.["DD_API_KEY__PAYMENTS"] !== undefined);
    for (const step of steps) {
      const { DD_API_KEY__PAYMENTS: apiKey, DD_APP_KEY__PAYMENTS: appKey, ...env } = step.env ?? {};
      expect([apiKey, appKey]).not.toContain(undefined);
      step.env = env;
    }
    if (steps.length > 0) job.permissions = { ...job.permissions, "id-token": "write" };
    return steps.length > 0;
  });
  expect(changed.map(([job]) => job)).toEqual([JOBS[name].job]);
  recipes.project.writeFile(`.github/workflows/${name}.yml`, stringify(workflow));
}

/** Runs a workflow. Its secrets are those of the state. */
function run(name: Name) {
  const { PULUMI_BACKEND_URL = "", PULUMI_CONFIG_PASSPHRASE = "" } = recipes.getSecrets();
  return runOnGitHub(recipes, name, {
    secrets: { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE },
    identify: async ({ environment }) => {
      const { sub, ...claims } = createClaims(environment, JOBS[name].trigger);
      const endpoint = await startTokenEndpoint((audience) =>
        engine.sandbox.issuer.issueToken({ audience, subject: sub, claims }),
      );
      endpoints.push(endpoint);
      return endpoint.variables;
    },
  });
}

describe("the recipes without a secret for Datadog", () => {
  it("review a pull request, deploy main, and check it every night", async () => {
    const review = await run("review");
    expect(review.succeeded, review.jobs["review"]?.summary).toBe(true);
    expect(review.jobs["review"]?.summary).toContain("starts sharing `logs` and `metrics`");
    expect(engine.listLive()).toEqual([]);

    const deploy = await run("deploy");
    expect(deploy.succeeded, deploy.jobs["up"]?.steps["Up"]?.output).toBe(true);
    expect(engine.listLive()).toEqual(["payments → observability: logs, metrics"]);

    const { jobs } = await run("nightly");
    const { steps = {} } = jobs["check"] ?? {};
    // The token is issued for the organization, so its list of one connection proves enough.
    expect(["Preview", "Drift", "Inventory"].map((name) => steps[name]?.code)).toEqual([0, 0, 0]);
    const kinds = new Set(engine.sandbox.requests.map(({ credentials }) => credentials));
    expect(kinds).toEqual(new Set(["proof", "token"]));
  }, 600_000);
});
