/** Stacks whose program `datadog-org-connections discover` has written. */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { runCommand } from "../cli/run-command.js";
import { ROOT } from "../tree.js";
import type { Stack } from "./stack.js";

/** Runs `discover` in the folder of the stack, with its credentials. Returns its standard error. */
export async function runDiscover(stack: Stack, ...args: string[]): Promise<string> {
  const ran = await runCommand(["discover", ...args], { env: stack.getEnvironment(), cwd: stack.folder });
  expect([ran.code, ran.stdout], ran.stderr).toEqual([0, ""]);
  return ran.stderr;
}

/** Replaces the program of the stack by the one that `discover` writes. Returns its standard error. */
export async function discoverProgram(stack: Stack, ...args: string[]): Promise<string> {
  const stderr = await runDiscover(stack, "-o", "index.ts", ...args);
  convertToTypeScript(stack);
  return stderr;
}

/** Converts the project of a stack to TypeScript, with `index.ts`. */
export function convertToTypeScript(stack: Stack): void {
  rmSync(path.join(stack.folder, "index.js"));
  stack.writeFile("package.json", `{ "name": "engine-test", "main": "index.ts" }\n`);
  const project = stack.readFile("Pulumi.yaml");
  stack.writeFile("Pulumi.yaml", project.replace("typescript: false", "typescript: true"));
  const base = path.relative(stack.folder, path.join(ROOT, "tsconfig.base.json"));
  const config = { extends: base, compilerOptions: { noEmit: true }, files: ["index.ts"] };
  stack.writeFile("tsconfig.json", JSON.stringify(config));
}

/** Compiles the program. Returns the errors. */
export const runCompiler = (stack: Stack): string =>
  execFileSync(process.execPath, [path.join(ROOT, "node_modules/typescript/bin/tsc"), "-p", stack.folder], {
    encoding: "utf8",
  });

/** Edits the program that `discover` has written. */
export const editProgram = (stack: Stack, edit: (text: string) => string): void =>
  stack.writeFile("index.ts", edit(stack.readFile("index.ts")));

/** Changes the types of the first connection, and removes `adopt`, `aliases` and the protection of all. */
export const changeDiscovered = (text: string): string =>
  text
    .replace(/connectionTypes: \[.*?\]/, 'connectionTypes: ["metrics"]')
    .replace("adopt: true, ", "")
    .replace(/aliases: .*?\], /, "")
    .replace("protect: true", "protect: false");
