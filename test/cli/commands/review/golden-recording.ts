/** Recordings of what `review` reads: the previews of the real engine, the states before them, and the live connections. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { parseNotices } from "../../../../core/src/connection/notices.js";
import { UNKNOWN } from "../../../../core/src/connection/types.js";
import { createSeed, type Sandbox, type SandboxConnection } from "../../../../sandbox/src/index.js";
import type { Stack } from "../../../engine/stack.js";
import { ROOT } from "../../../tree.js";
import { formatRecording } from "../../../upgrades/normalize-recording.js";
import { parsePreview, parseStackState, sortResources } from "../../../upgrades/stack-state.js";
import { createEnv } from "../../live-env.js";
import { runCommand, type CommandResult } from "../../run-command.js";
import { UUID, isFixedId } from "./report.js";

const FOLDER = path.join(import.meta.dirname, "recordings");

/** The sandbox counts microseconds, so that no two connections have the same time. */
const TIME = /2026-05-04T09:00:00\.\d{6}\+00:00/g;

/** Previews in which a check and a deletion race: only sometimes, the check finds the connection, and gives notice of its adoption. */
const RACES = ["set-to-single-race"];

interface Recording {
  preview: object;
  state?: object;
  connections: SandboxConnection[];
}

const seed = createSeed({ sources: 12 });
/** Organizations with a user whose name is markup, and a fixed time: the same for each recording and each review of it. */
export const RECORDED = {
  seed: {
    ...seed,
    accounts: seed.accounts.map(({ name, organizations }) => ({
      name,
      organizations: organizations.map((organization) =>
        organization.key === "security" ? { ...organization, user: createPerson() } : organization,
      ),
    })),
  },
  now: () => new Date("2026-05-04T09:00:00Z"),
};

function createPerson() {
  const handle = "maria@example.com";
  return { id: "bbbbbbbb-0000-4000-8000-000000000001", handle, email: handle, name: "Maria *Hand*" };
}

/** Previews a stack with the real engine, and compares with the recording. `vitest -u` writes it. */
export async function expectRecorded(
  stack: Stack,
  sandbox: Sandbox,
  name: string,
  ...flags: string[]
): Promise<void> {
  const text = await stack.previewAsJson(...flags);
  const file = path.join(stack.folder, "state.json");
  const resources = existsSync(file) ? parseStackState(readFileSync(file, "utf8")) : undefined;
  const recording: Recording = {
    connections: sandbox
      .listConnections()
      .toSorted((a, b) => (a.sourceOrgId + a.sinkOrgId < b.sourceOrgId + b.sinkOrgId ? -1 : 1)),
    ...(resources && { state: { version: 3, deployment: { resources: sortResources(resources) } } }),
    preview: sortPreview(text, RACES.includes(name)),
  };
  const formatted = formatRecording(recording, new Map());
  const times = [...formatted.matchAll(TIME)].map(
    ([time]) => [time, "2026-05-04T09:00:00.000000+00:00"] as const,
  );
  const ids = new Set(
    [...formatted.matchAll(UUID)].map(([id]) => id).filter((id) => !isFixedId(id) && id !== UNKNOWN),
  );
  const numbered = [...ids].map(
    (id, at) => [id, `cccccccc-0000-4000-8000-${String(at + 1).padStart(12, "0")}`] as const,
  );
  const recorded = formatRecording(recording, new Map([...numbered, ...times]));
  expect(recorded).not.toContain(ROOT);
  for (const { apiKey, appKey } of sandbox.organizations)
    expect(recorded.includes(apiKey) || recorded.includes(appKey)).toBe(false);
  expect(recorded).not.toContain(sandbox.url);
  await expect(recorded).toMatchFileSnapshot(path.join(FOLDER, `${name}.json`));
}

/** Sorts what the engine prints in any order, and removes how long it took and what a race decides. */
function sortPreview(text: string, isRace: boolean): object {
  const { duration, diagnostics, ...preview } = JSON.parse(text) as {
    duration: number;
    diagnostics?: { urn?: string; message: string }[];
  };
  expect(duration).toBeGreaterThan(0);
  const getKey = ({ urn = "", message }: { urn?: string; message: string }) =>
    urn + message.replaceAll(UUID, "");
  return {
    ...preview,
    ...(diagnostics && {
      diagnostics: diagnostics
        .filter(
          ({ message }) => !isRace || !parseNotices(message).notices.some(({ kind }) => kind === "adoption"),
        )
        .toSorted((a, b) => (getKey(a) < getKey(b) ? -1 : 1)),
    }),
    steps: parsePreview(text).steps.toSorted((a, b) => (a.urn < b.urn ? -1 : 1)),
  };
}

/** Prepares a recording in a sandbox, for several reviews of it, with these additional files. */
export function openRecording(sandbox: Sandbox, name: string, files: Record<string, object> = {}) {
  let text = readFileSync(path.join(FOLDER, `${name}.json`), "utf8");
  for (const { id, ...connection } of (JSON.parse(text) as Recording).connections)
    text = text.replaceAll(id, connect(sandbox, connection));
  const { preview, state } = JSON.parse(text) as Recording;
  const { apiKey, appKey } = sandbox.getOrganization("payments");
  const sources = sandbox.organizations.map(({ key }) => key).filter((key) => key.startsWith("source-"));
  const env = {
    ...createEnv(sandbox, sources),
    DD_HOST: sandbox.url,
    DD_API_KEY: apiKey,
    DD_APP_KEY: appKey,
  };
  return async (...args: string[]): Promise<CommandResult> => {
    mkdirSync(path.join(ROOT, ".local"), { recursive: true });
    const cwd = mkdtempSync(path.join(ROOT, ".local/review-"));
    try {
      for (const [file, content] of Object.entries({ ...files, ...(state && { "state.json": state }) }))
        writeFileSync(path.join(cwd, file), JSON.stringify(content));
      return await runCommand(["review", ...args], { stdin: JSON.stringify(preview), cwd, env });
    } finally {
      rmSync(cwd, { recursive: true });
    }
  };
}

/** Creates a recorded connection, whose ID is random. */
function connect(
  sandbox: Sandbox,
  { sourceOrgId, sinkOrgId, connectionTypes, createdBy }: Omit<SandboxConnection, "id">,
): string {
  const find = (isIt: (organization: Sandbox["organizations"][number]) => boolean) => {
    const found = sandbox.organizations.find(isIt);
    if (!found) throw new Error("the sandbox has no such organization");
    return found;
  };
  return sandbox.connect({
    source: find(({ id }) => id === sourceOrgId).key,
    sink: find(({ id }) => id === sinkOrgId).key,
    connectionTypes,
    createdBy: find(({ user }) => user.id === createdBy).user,
  });
}
