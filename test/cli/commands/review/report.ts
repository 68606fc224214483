import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { runCommand, type CommandResult } from "../../run-command.js";
import type { Stack } from "../../../engine/stack.js";

/** The patterns of IDs and dates in the engine's output. */
export const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const DATE = /\b20\d\d-\d\d-\d\d(T[\d:.]+(Z|\+00:00))?/g;

/** Organizations and users of the sandbox have fixed IDs. */
export const isFixedId = (id: string): boolean => /^(aaaaaaaa|bbbbbbbb)-/.test(id);

/** Previews a stack with the real engine and reviews the preview. */
export async function reviewStack(
  stack: Stack,
  { flags = [], args = [] }: { flags?: string[]; args?: string[] } = {},
): Promise<CommandResult> {
  return (await previewStack(stack, ...flags))(...args);
}

/** Previews a stack once, for several reviews. */
export async function previewStack(
  stack: Stack,
  ...flags: string[]
): Promise<(...args: string[]) => Promise<CommandResult>> {
  const preview = await stack.previewAsJson(...flags);
  return (...args) => runCommand(["review", ...args], { stdin: preview, cwd: stack.folder, env: stack.env });
}

/** Writes the state of a stack to `state.json` in its folder. */
export async function saveState(stack: Stack): Promise<void> {
  writeFileSync(path.join(stack.folder, "state.json"), (await stack.runPulumi(["stack", "export"])).stdout);
}

/** Replaces what differs between runs: IDs of connections (by their order) and dates. */
function normalizeReport(report: string): string {
  const ids = new Map<string, string>();
  return report
    .replaceAll(UUID, (id) => {
      if (isFixedId(id)) return id;
      if (!ids.has(id)) ids.set(id, `CONNECTION-${ids.size + 1}`);
      return ids.get(id) ?? id;
    })
    .replaceAll(DATE, "DATE");
}

/** Compares a report with its golden file. */
export async function expectGolden(
  { stdout, stderr }: CommandResult,
  name: string,
  file = `golden/${name}.md`,
): Promise<void> {
  expect(stderr).toBe("");
  expect(stdout).not.toContain("\u001b");
  await expect(normalizeReport(stdout)).toMatchFileSnapshot(path.join(import.meta.dirname, file));
}
