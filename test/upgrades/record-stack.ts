/** Records what this version writes for a program: its files, the state, and the preview of the next run. */
import path from "node:path";
import { expect } from "vitest";
import type { Sandbox } from "../../sandbox/src/index.js";
import { createEnv } from "../cli/live-env.js";
import { runDiscover } from "../engine/discovered-stack.js";
import type { Stack } from "../engine/stack.js";
import { ROOT } from "../tree.js";
import { createReplacements, formatPreview, formatState, replaceProviderIds } from "./normalize-recording.js";
import { parsePreview, parseStackState } from "./stack-state.js";
import { createRecordingContent, createSourceId, IMPORTED, OBSERVABILITY } from "./recording-content.js";
import { DEFAULT_KEY, startSandboxWith } from "./start-sandbox.js";
import { createUpgradeStack, readFolder, type ProgramFiles } from "./upgrade-stack.js";

/** The programs of the next recording. */
const PROGRAMS = path.join(ROOT, "test/upgrades/programs");

/** How the state of a program comes about, besides an `up`. */
interface Steps {
  before?: (sandbox: Sandbox, stack: Stack) => Promise<void>;
  after: (sandbox: Sandbox, stack: Stack) => Promise<void>;
}

/** The programs, by the name of their folder. */
const STEPS: Readonly<Record<string, Steps>> = {
  dynamic: { before: importDiscovered, after: refreshAndUpdate },
  "plugin-javascript": { after: refreshAndUpdate },
  "plugin-yaml": { after: refreshAndUpdate },
  undeclared: { after: refreshUndeclared },
};

/** The names of the programs. */
export const STACK_NAMES = Object.keys(STEPS);

/** Records one program, and returns the text of each file. */
export async function recordStack(name: string): Promise<ProgramFiles> {
  const program = readFolder(path.join(PROGRAMS, name));
  const content = createRecordingContent();
  const sandbox = await startSandboxWith(content);
  const stack = createUpgradeStack(sandbox, program);
  try {
    await STEPS[name]?.before?.(sandbox, stack);
    await stack.expectUp();
    await STEPS[name]?.after(sandbox, stack);
    const preview = parsePreview(await stack.previewAsJson());
    const exported = await stack.runPulumi(["stack", "export", "--show-secrets"]);
    const resources = parseStackState(exported.stdout);
    const existingIds = content.connections.map(({ id }) => id);
    const replacements = new Map([
      ...createReplacements(sandbox, existingIds),
      ...replaceProviderIds(resources),
    ]);
    return {
      ...program,
      "state.json": formatState(resources, replacements),
      "preview.json": formatPreview(preview, replacements),
    };
  } finally {
    stack.dispose();
    await sandbox.close();
  }
}

/** Takes a connection into the state from the file that `discover` writes, which has provider lines too. */
async function importDiscovered(sandbox: Sandbox, stack: Stack): Promise<void> {
  const { env } = stack;
  stack.env = createEnv(sandbox, [IMPORTED]);
  await runDiscover(stack, "--format", "import", "-o", "import.json");
  stack.env = env;
  const { code, output } = await stack.importFile("import.json", "--protect=false");
  expect(code, output).toBe(0);
}

/** Refreshes the resources `refreshed` and `updated`, and repairs the drift of `updated`. */
async function refreshAndUpdate(sandbox: Sandbox, stack: Stack): Promise<void> {
  const drifted = sandbox
    .listConnections()
    .find(({ sourceOrgId, sinkOrgId }) => sourceOrgId === createSourceId(3) && sinkOrgId === OBSERVABILITY);
  sandbox.changeTypes(drifted?.id ?? "", ["audit"]);
  const urns = [await stack.findUrn("refreshed"), await stack.findUrn("updated")];
  await expectRefresh(stack, ...urns.map((urn) => `--target=${urn}`));
  const { steps } = await stack.expectUp();
  expect(steps).toContain("update updated");
}

/** Creates connections that the exclusive sets do not declare, and refreshes the sets, so that their states have them. */
async function refreshUndeclared(sandbox: Sandbox, stack: Stack): Promise<void> {
  for (const source of [DEFAULT_KEY, "source-1"]) {
    sandbox.connect({ source, sink: "security", connectionTypes: ["audit"] });
  }
  await expectRefresh(stack);
}

async function expectRefresh(stack: Stack, ...flags: string[]): Promise<void> {
  const { code, output } = await stack.refresh(...flags);
  expect(code, output).toBe(0);
}
