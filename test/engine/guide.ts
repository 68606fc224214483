/** Runs the commands of a guide in the folder of a stack. */
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { ROOT } from "../tree.js";
import { splitCommands } from "../pages/commands.js";
import type { Stack } from "./stack.js";

/** Creates the commands of the guide on the PATH of the stack: the built command line, and an imitation of Terraform. */
export function installCommands(stack: Stack): void {
  const folder = path.join(stack.folder, "bin");
  mkdirSync(folder);
  const scripts = {
    "datadog-org-connections": path.join(ROOT, "cli/dist/main.js"),
    terraform: path.join(ROOT, "test/engine/terraform-imitation.mjs"),
  };
  for (const [name, script] of Object.entries(scripts)) {
    stack.writeFile(`bin/${name}`, `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`);
    chmodSync(path.join(folder, name), 0o755);
  }
  const rest = stack.getEnvironment()["PATH"] ?? "";
  stack.env = { ...stack.env, PATH: `${folder}${path.delimiter}${rest}`, PULUMI_SKIP_CONFIRMATIONS: "true" };
}

/** The exit codes of a command that the guide expects. A review that reports adoptions exits with 3. */
const getExpectedCodes = (command: string) => (command.includes(" review ") ? [0, 3] : [0]);

/** Runs the commands of blocks, one after the other, and expects that each succeeds. Returns their output. */
export async function runBlocks(stack: Stack, blocks: readonly string[]): Promise<string> {
  let all = "";
  for (const command of blocks.flatMap(splitCommands)) {
    const { code, output } = await runShell(stack, command);
    expect(getExpectedCodes(command), `${command}\n${output}`).toContain(code);
    all += output;
  }
  return all;
}

/** Runs one command in the folder of the stack. */
export function runShell(stack: Stack, command: string): Promise<{ code: number; output: string }> {
  const options = { cwd: stack.folder, env: stack.getEnvironment() };
  return new Promise((resolve) => {
    const child = execFile("sh", ["-c", command], options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
}
