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
const stateFile = () => path.join(folder, "inner", "state.json");
async function start() {
  const sandbox = await startSandbox({ stateFile: stateFile(), now: clock.now });
  running.push(sandbox);
  return sandbox;
}

test("connections and organizations survive, even without a close", async () => {
  const first = await start();
  const { body } = await create(first, first.organization("observability").id, ["logs"]);
  await update(first, body.data.id, ["audit"]);
  const { apiKey } = first.rotateKeys("payments");
  first.setFeature("search", false);

  const second = await start();
  expect(second.connections()).toEqual(first.connections());
  expect(second.connections()[0]).toMatchObject({ id: body.data.id, connectionTypes: ["audit"] });
  expect(second.organization("payments").apiKey).toBe(apiKey);
  expect(second.organization("search").feature).toBe(false);
  expect((await list(second)).body.data).toHaveLength(1);
});

test("times of creation go on growing after a restart", async () => {
  const first = await start();
  for (const source of ["payments", "checkout"]) first.connect({ source, sink: "observability" });
  const second = await start();
  second.connect({ source: "search", sink: "observability" });
  const times = second.connections().map(({ createdAt }) => createdAt);
  expect(times).toHaveLength(3);
  expect([...new Set(times)].sort()).toEqual(times);
});

test("a reset is kept too", async () => {
  const first = await start();
  first.connect({ source: "payments", sink: "observability" });
  first.reset();
  expect((await start()).connections()).toEqual([]);
});

test("writes at the same time leave one whole file and no draft", async () => {
  const sandbox = await start();
  await Promise.all(
    ["payments", "checkout", "search"].map((source) =>
      create(sandbox, sandbox.organization("observability").id, ["logs"], source),
    ),
  );
  expect(readdirSync(path.dirname(stateFile()))).toEqual(["state.json"]);
  expect((await start()).connections()).toHaveLength(3);
});

test.each([
  ["id", "NOT-AN-ID"],
  ["createdAt", "yesterday"],
  ["createdAt", "2026-13-01T12:00:00.500000+00:00"],
])("a file with a connection whose %s is %s is refused", async (field, value) => {
  (await start()).connect({ source: "payments", sink: "observability" });
  const state = JSON.parse(readFileSync(stateFile(), "utf8")) as { connections: Record<string, unknown>[] };
  writeFileSync(
    stateFile(),
    JSON.stringify({ ...state, connections: [{ ...state.connections[0], [field]: value }] }),
  );
  await expect(start()).rejects.toThrow("is not a state file of this sandbox");
});

test.each(["{", "[]", '{"version":2,"organizations":[],"connections":[]}'])(
  "a file with %s is refused",
  async (text) => {
    const file = path.join(folder, "other.json");
    writeFileSync(file, text);
    await expect(startSandbox({ stateFile: file })).rejects.toThrow("is not a state file of this sandbox");
  },
);
