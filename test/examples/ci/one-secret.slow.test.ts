/** The recipes with the keys of all organizations in one secret, changed as docs/guides/keys-of-many-organizations.md says. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { listBlocks } from "../../pages/blocks.js";
import { ROOT } from "../../tree.js";
import { loadWorkflow, runOnGitHub } from "./github.js";
import { loadPipeline, PIPELINES, runOnGitLab } from "./gitlab.js";
import { useRecipes } from "./project.js";

const PAGE = "docs/guides/keys-of-many-organizations.md";
const GUIDE = readFileSync(path.join(ROOT, PAGE), "utf8");
/** The commands before which the guide adds the script. */
const COMMANDS = ["pulumi up", "sh ci/preview.sh", "sh ci/review.sh … --lookup", "npx"];
const SOURCES = ["payments", "checkout", "search", "security"];
const SCRIPT = "node ci/with-keys.mjs";

/** Adds the script before the commands of a step or job that has keys. */
const addScript = (run: string): string =>
  run.replace(
    /(?<=^\s*|; )(?=pulumi up |sh ci\/preview\.sh |sh ci\/review\.sh .*--lookup|npx )/gm,
    `${SCRIPT} `,
  );

it("the guide names these commands, and the step that hides the keys", () => {
  const [, wrapped = ""] = /^- For the recipes in (.*?)(?=^- |^$)/ms.exec(GUIDE) ?? expect.fail("no rule");
  const rule = wrapped.replaceAll(/\s+/g, " ");
  const [, commands = ""] =
    /before the command of each of these steps: (.*?)\. /.exec(rule) ?? expect.fail(rule);
  expect([...commands.matchAll(/`([^`]+)`/g)].map(([, command]) => command)).toEqual(COMMANDS);
  expect(rule).toContain("`Hide the keys in logs`");
});

const declareAll = (): string =>
  SOURCES.map(
    (source) =>
      `new OrgConnection("${source}", { source: "${source}", sinkOrgId: hub, connectionTypes: ["logs"] });`,
  ).join("\n");

function createKeys({ engine }: ReturnType<typeof useRecipes>): Record<string, object> {
  return Object.fromEntries(
    SOURCES.map((source) => {
      const { apiKey, appKey } = engine.sandbox.getOrganization(source);
      return [source, { apiKey, appKey }];
    }),
  );
}

/** The secrets of a team: one with all keys, and none for each organization. */
function createSecrets(
  recipes: ReturnType<typeof useRecipes>,
  organizationKeys: string,
): Record<string, string> {
  const { PULUMI_BACKEND_URL = "", PULUMI_CONFIG_PASSPHRASE = "" } = recipes.getSecrets();
  return { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE, ORGANIZATION_KEYS: organizationKeys };
}

const LIVE = SOURCES.map((source) => `${source} → observability: logs`).toSorted();

describe("on GitHub", () => {
  const recipes = useRecipes("github");

  it("the deployment and the nightly check work, and each key is hidden before a command gets it", async () => {
    const { project, engine } = recipes;
    const block = listBlocks(PAGE).find(
      ({ heading, language }) => heading === "One JSON secret" && language === "yaml",
    );
    const [mask] = parse(block?.code ?? "") as [object];
    for (const name of ["deploy", "nightly"]) {
      const workflow = loadWorkflow(project, name);
      for (const job of Object.values(workflow.jobs)) {
        for (const step of job.steps) {
          const { DD_API_KEY__PAYMENTS: apiKey, DD_APP_KEY__PAYMENTS: appKey, ...env } = step.env ?? {};
          if (apiKey === undefined && appKey === undefined) continue;
          step.env = { ...env, ORGANIZATION_KEYS: "${{ secrets.ORGANIZATION_KEYS }}" };
          step.run = addScript(step.run ?? "");
          expect(step.run.split(SCRIPT)).toHaveLength(2);
        }
        job.steps.splice(job.steps.findIndex(({ run }) => run?.startsWith("npm ci")) + 1, 0, mask);
      }
      project.writeFile(`.github/workflows/${name}.yml`, stringify(workflow));
    }
    project.writeProgram(declareAll());
    project.merge();
    const keys = createKeys(recipes);
    const values = Object.values(keys).flatMap((one) => Object.values(one) as string[]);
    const secrets = createSecrets(recipes, JSON.stringify(keys));

    const deployed = await runOnGitHub(recipes, "deploy", { secrets });
    expect(deployed.succeeded, deployed.jobs["up"]?.steps["Up"]?.output).toBe(true);
    expect(engine.listLive()).toEqual(LIVE);
    const { jobs } = await runOnGitHub(recipes, "nightly", { secrets });
    const { steps = {} } = jobs["check"] ?? {};
    expect(["Preview", "Drift", "Inventory"].map((name) => steps[name]?.code)).toEqual([0, 0, 0]);
    for (const own of [deployed.jobs["up"]?.steps ?? {}, steps]) {
      const { "Hide the keys in logs": hide, ...others } = own;
      expect(hide?.commands.map(({ name, value }) => [name, value])).toEqual(
        values.map((value) => ["add-mask", value]),
      );
      for (const { output } of Object.values(others))
        for (const value of values) expect(output).not.toContain(value);
    }
  });
});

describe("on GitLab", () => {
  const recipes = useRecipes("gitlab");

  it("the deployment and the scheduled jobs work with a variable of the type File", async () => {
    const { project, engine } = recipes;
    const pipeline = loadPipeline(project);
    for (const [name, count] of Object.entries({ preview: 1, up: 1, drift: 2, inventory: 1 })) {
      const job = pipeline[name] as { script: string[] };
      job.script = job.script.map(addScript);
      expect(job.script.join("\n").split(SCRIPT)).toHaveLength(count + 1);
    }
    project.writeFile(".gitlab-ci.yml", stringify(pipeline));
    project.writeProgram(declareAll());
    project.merge();
    const file = path.join(project.folder, "../organization-keys");
    writeFileSync(file, JSON.stringify(createKeys(recipes)));
    const scope = createSecrets(recipes, file);
    const secrets = { preview: scope, production: scope };

    const { up } = await runOnGitLab(recipes, PIPELINES.main, secrets);
    expect(up?.status, up?.output).toBe("success");
    expect(engine.listLive()).toEqual(LIVE);
    const { drift, inventory } = await runOnGitLab(recipes, PIPELINES.schedule, secrets);
    expect([drift?.code, inventory?.code], `${drift?.output}\n${inventory?.output}`).toEqual([0, 0]);
  });
});
