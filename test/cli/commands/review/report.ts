import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { runCommand, type Ran } from "../../run-command.js";
import type { Stack } from "../../../engine/stack.js";

/** What the shapes of ids and dates are in the engine's output. */
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const DATE = /\b20\d\d-\d\d-\d\d(T[\d:.]+(Z|\+00:00))?/g;

/** Reviews a preview that the real engine has just made of the stack. */
export async function review(
  stack: Stack,
  { flags = [], args = [] }: { flags?: string[]; args?: string[] } = {},
): Promise<Ran> {
  return (await previewed(stack, ...flags))(...args);
}

/** Previews a stack once, for any number of reviews. */
export async function previewed(
  stack: Stack,
  ...flags: string[]
): Promise<(...args: string[]) => Promise<Ran>> {
  const preview = await stack.previewJson(...flags);
  return (...args) => runCommand(["review", ...args], { stdin: preview, cwd: stack.folder, env: stack.env });
}

/** Writes the state of a stack into its folder, as `state.json`. */
export async function saveState(stack: Stack): Promise<void> {
  writeFileSync(path.join(stack.folder, "state.json"), (await stack.pulumi(["stack", "export"])).stdout);
}

/** A report without what differs from run to run: ids of connections by their order, and dates. */
function steady(report: string): string {
  const ids = new Map<string, string>();
  return report
    .replaceAll(UUID, (id) => {
      // Organizations and users of the sandbox have fixed ids.
      if (/^(aaaaaaaa|bbbbbbbb)-/.test(id)) return id;
      if (!ids.has(id)) ids.set(id, `CONNECTION-${ids.size + 1}`);
      return ids.get(id) ?? id;
    })
    .replaceAll(DATE, "DATE");
}

/** Compares a report with the one that is kept. */
export async function expectGolden({ stdout, stderr }: Ran, name: string): Promise<void> {
  expect(stderr).toBe("");
  expect(stdout).not.toContain("\u001b");
  await expect(steady(stdout)).toMatchFileSnapshot(path.join(import.meta.dirname, "golden", `${name}.md`));
}
