import { mkdirSync } from "node:fs";
import { expect, it } from "vitest";
import { findProjectName } from "../../../cli/src/stack/pulumi.js";
import { useFolder } from "../folder.js";

const folder = useFolder({ isCleared: true });
const writeProject = (content: string) => void folder.write("Pulumi.yaml", content);

it("the name of a project is that in the project file of the folder, not of a parent folder", () => {
  writeProject("name: acme\nruntime: nodejs\n");
  expect(findProjectName(folder.path)).toBe("acme");
  mkdirSync(folder.getPath("lib"));
  expect(findProjectName(folder.getPath("lib"))).toBeUndefined();
});

it.each([
  ["is no YAML", "name: [acme"],
  ["has no name", "runtime: nodejs\n"],
  ["has a name that is no text", "name: [acme]\n"],
])("a project file that %s names no project", (_, content) => {
  writeProject(content);
  expect(findProjectName(folder.path)).toBeUndefined();
});
