/** Stacks of programs that are files: those of a recording, or those that the next recording uses. */
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Sandbox } from "../../sandbox/src/index.js";
import { addPlugin } from "../engine/plugin-stack.js";
import { Stack } from "../engine/stack.js";
import { createStackEnv, DEFAULT_KEY } from "./start-sandbox.js";

/** The name of the project of each program. */
const PROJECT = "upgrades";

/** The text of the files of a program, by name. */
export type ProgramFiles = Readonly<Record<string, string>>;

/** Reads the files of a folder. */
export const readFolder = (folder: string): ProgramFiles =>
  Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(path.join(folder, name), "utf8")]),
  );

/** Creates a stack with a program, the plugin of this repository, and the credentials of the sandbox. */
export function createUpgradeStack(sandbox: Sandbox, program: ProgramFiles): Stack {
  const { "Pulumi.yaml": project = "" } = program;
  const stack = new Stack(sandbox, project, { isYaml: true, project: PROJECT, source: DEFAULT_KEY });
  writeProgramFiles(stack, program);
  stack.env = createStackEnv(sandbox);
  return stack;
}

/** Writes the files of a program. A recording does not say where the plugin is, which depends on the machine. */
export function writeProgramFiles(stack: Stack, program: ProgramFiles): void {
  for (const [name, text] of Object.entries(program)) stack.writeFile(name, text);
  addPlugin(stack);
}
