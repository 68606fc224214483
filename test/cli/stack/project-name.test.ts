import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findProjectName } from "../../../cli/src/stack/find-stack-file.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "project-name-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Creates a folder with a project file, and returns its path. */
function createProject(name: string, content: string): string {
  const project = path.join(folder, name);
  mkdirSync(project);
  writeFileSync(path.join(project, "Pulumi.yaml"), content);
  return project;
}

it("the name of a project is that in the project file of the folder, not of a parent folder", async () => {
  const network = createProject("network", "name: acme\nruntime: nodejs\n");
  expect(await findProjectName(network)).toBe("acme");
  mkdirSync(path.join(network, "lib"));
  expect(await findProjectName(path.join(network, "lib"))).toBeUndefined();
});

it.each([
  ["is no YAML", "name: [acme"],
  ["has no name", "runtime: nodejs\n"],
  ["has a name that is no text", "name: [acme]\n"],
])("a project file that %s names no project", async (what, content) => {
  expect(await findProjectName(createProject(what, content))).toBeUndefined();
});
