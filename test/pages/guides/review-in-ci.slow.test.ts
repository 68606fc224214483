/** Adopts the recipes of docs/guides/review-in-ci.md in a project. test/examples/ci runs the recipes. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../tree.js";
import { usePage } from "../page.js";
import { useShells } from "../shell.js";

const RECIPES = path.join(ROOT, "examples/ci");
const page = usePage("docs/guides/review-in-ci.md");
const [COPY = "", SET_ID = ""] = page.takeBlocks("How to adopt it", "sh");
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
