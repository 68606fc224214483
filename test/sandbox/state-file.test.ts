import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startSandbox, type Sandbox } from "../../sandbox/src/index.js";
import { create, createClock, list, update } from "./harness.js";

let folder: string;
let running: Sandbox[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "sandbox-"));
});
afterEach(async () => {
  await Promise.all(running.map((sandbox) => sandbox.close()));
  running = [];
  rmSync(folder, { recursive: true });
});

const clock = createClock();
const getStateFile = () => path.join(folder, "inner", "state.json");
async function startWithFile() {
  const sandbox = await startSandbox({ stateFile: getStateFile(), now: clock.now });
  running.push(sandbox);
  return sandbox;
}

test("connections and organizations survive a restart, even without a close", async () => {
  const first = await startWithFile();
  const { body } = await create(first, first.getOrganization("observability").id, ["logs"]);
  await update(first, body.data.id, ["audit"]);
  const { apiKey } = first.rotateKeys("payments");
  first.setFeature("search", false);

  const second = await startWithFile();
  expect(second.listConnections()).toEqual(first.listConnections());
  expect(second.listConnections()[0]).toMatchObject({ id: body.data.id, connectionTypes: ["audit"] });
  expect(second.getOrganization("payments").apiKey).toBe(apiKey);
  expect(second.getOrganization("search").feature).toBe(false);
  expect((await list(second)).body.data).toHaveLength(1);
});

test("a rotated bearer token survives a restart, and a file of an earlier version gets the default ones", async () => {
  const first = await startWithFile();
  const token = first.rotateToken("payments");
  expect((await startWithFile()).getOrganization("payments").bearerToken).toBe(token);

  const text = readFileSync(getStateFile(), "utf8");
  writeFileSync(getStateFile(), text.replaceAll(/^\s*"bearerToken":.*\n/gm, ""));
  expect(readFileSync(getStateFile(), "utf8")).not.toContain("bearerToken");
  const { bearerToken } = (await startWithFile()).getOrganization("payments");
  expect(bearerToken).toBe("sandbox-bearer-token-payments");
});

test("creation times keep increasing after a restart", async () => {
  const first = await startWithFile();
  for (const source of ["payments", "checkout"]) first.connect({ source, sink: "observability" });
  const second = await startWithFile();
  second.connect({ source: "search", sink: "observability" });
  const times = second.listConnections().map(({ createdAt }) => createdAt);
  expect(times).toHaveLength(3);
  expect([...new Set(times)].sort()).toEqual(times);
});

test("a reset survives a restart", async () => {
  const first = await startWithFile();
  first.connect({ source: "payments", sink: "observability" });
  first.reset();
  expect((await startWithFile()).listConnections()).toEqual([]);
});

test("concurrent writes leave one complete file and no temporary file", async () => {
  const sandbox = await startWithFile();
  await Promise.all(
    ["payments", "checkout", "search"].map((source) =>
      create(sandbox, sandbox.getOrganization("observability").id, ["logs"], source),
    ),
  );
  expect(readdirSync(path.dirname(getStateFile()))).toEqual(["state.json"]);
  expect((await startWithFile()).listConnections()).toHaveLength(3);
});

test.each([
  ["id", "NOT-AN-ID"],
  ["createdAt", "yesterday"],
  ["createdAt", "2026-13-01T12:00:00.500000+00:00"],
])("a file is refused if the %s of a connection is %s", async (field, value) => {
  (await startWithFile()).connect({ source: "payments", sink: "observability" });
  const state = JSON.parse(readFileSync(getStateFile(), "utf8")) as {
    connections: Record<string, unknown>[];
  };
  writeFileSync(
    getStateFile(),
    JSON.stringify({ ...state, connections: [{ ...state.connections[0], [field]: value }] }),
  );
  await expect(startWithFile()).rejects.toThrow("is not a state file of this sandbox");
});

test.each(["{", "[]", '{"version":2,"organizations":[],"connections":[]}'])(
  "a file with %s is refused",
  async (text) => {
    const file = path.join(folder, "other.json");
    writeFileSync(file, text);
    await expect(startSandbox({ stateFile: file })).rejects.toThrow("is not a state file of this sandbox");
  },
);
