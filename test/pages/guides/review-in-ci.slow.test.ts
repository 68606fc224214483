/** Adopts the recipes of docs/guides/review-in-ci.md in a project. test/examples/ci runs the recipes. */
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { CommentServer } from "../../examples/ci/comment-server.js";
import { Machine } from "../../examples/ci/machine.js";
import { ROOT } from "../../tree.js";
import { usePage } from "../page.js";
import { useShells } from "../shell.js";

const RECIPES = path.join(ROOT, "examples/ci");
const page = usePage("docs/guides/review-in-ci.md");
const [COPY = "", SET_ID = ""] = page.takeBlocks("How to adopt it", "sh");
const TERRAFORM = page.takeBlock("Terraform or OpenTofu alone", "sh");
const { createShell } = useShells();

test("the steps keep what the project has: its stack file with encrypted keys, and its rules", async () => {
  const program = "name: connections\nruntime: nodejs\n";
  const shell = createShell({ "Pulumi.yaml": program, "policy.json": "{}\n", "README.md": "ours\n" });
  const key = `--path 'datadog-org-connections:organizations.payments.apiKey'`;
  await shell.run(`pulumi stack init prod\npulumi config set --secret ${key} the-key`);
  const { project } = shell;
  const files = readdirSync(project.folder);
  const read = () =>
    readdirSync(project.folder)
      .filter((name) => files.includes(name) && name !== "node_modules")
      .map(project.readFile);
  const before = read();

  await shell.run(COPY.replace(/^recipes=.*/m, `recipes='${RECIPES}'`));
  expect(read()).toEqual(before);
  const added = readdirSync(project.folder).filter((name) => !files.includes(name));
  expect(added.sort()).toEqual([".github", ".gitlab-ci.yml", "ci"]);
  for (const folder of ["ci", ".github/workflows"]) {
    const names = readdirSync(path.join(RECIPES, folder));
    expect(readdirSync(path.join(project.folder, folder))).toEqual(names);
    for (const name of names)
      expect(project.readFile(`${folder}/${name}`)).toBe(
        readFileSync(path.join(RECIPES, folder, name), "utf8"),
      );
  }

  await shell.run(SET_ID);
  expect((await shell.run(`pulumi config get ${key}`)).output).toBe("the-key\n");
  expect(project.readFile("Pulumi.prod.yaml")).toMatch(
    /payments:\n +apiKey:\n +secure: .*\n +id: aaaaaaaa-0003-/,
  );
}, 300_000);

test("the recipe for Terraform alone comments on a plan, and fails if data stops being shared", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "terraform-recipe-"));
  const server = await CommentServer.start("github");
  onTestFinished(async () => {
    rmSync(folder, { recursive: true });
    await server.close();
  });
  const machine = new Machine(folder);
  machine.installCommandLine();
  cpSync(path.join(RECIPES, "ci"), path.join(machine.workspace, "ci"), { recursive: true });
  writeFileSync(path.join(machine.workspace, "policy.json"), "{}");
  // Terraform cannot be installed here, so this prints a recording of it.
  const plan = path.join(ROOT, "test/cli/fixtures/terraform/plan-removed-destroy.json");
  const terraform = path.join(machine.temp, "terraform");
  writeFileSync(terraform, `#!/bin/sh\nif [ "$*" = "show -json plan.tfplan" ]; then cat "${plan}"; fi\n`);
  chmodSync(terraform, 0o755);

  const run = await machine.runBash(`PATH="${machine.temp}:$PATH"\n${TERRAFORM}`, ["-e"], {
    GITHUB_API_URL: server.url,
    GITHUB_REPOSITORY: "acme/connections",
    PULL_REQUEST: "7",
    GITHUB_TOKEN: "the-token",
  });
  expect([run.code, run.output]).toEqual([4, "The comment was created.\n"]);
  expect(server.comments[0]?.body).toMatch(
    /^<!-- org-connections review of terraform -->\n## Cross-organization connections: plan `plan.json`\n/,
  );
});
