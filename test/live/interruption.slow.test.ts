import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Fault } from "../../sandbox/src/index.js";
import { ROOT } from "../tree.js";
import { enable, useLive } from "./use-live.js";

const { run, startTarget } = useLive();
const folder = mkdtempSync(path.join(tmpdir(), "interruption-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts `npm run test:live` in a process of its own. */
function startProcess(env: Record<string, string>, journal: string) {
  const args = [path.join(ROOT, "tools/live.mjs"), "--journeys", "none", "--journal", journal];
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...env } });
  let output = "";
  const collect = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const done = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, output })),
  );
  return { child, done };
}

/** Finds the requests that change something, by their numbers in a complete run: every run sends the same requests. */
async function listChanges(): Promise<number[]> {
  const target = await startTarget();
  const { code } = await run([], enable(target));
  expect(code).toBe(0);
  return target.sandbox.requests.flatMap(({ method, route, status }, at) =>
    method !== "GET" && route !== "exchangeToken" && status === 200 ? [at] : [],
  );
}

/** Kills a run when a fault applies, and expects that the next run deletes what is left, and passes. */
async function expectRecovery(fault: Fault): Promise<void> {
  const target = await startTarget();
  const { sandbox } = target;
  const before = sandbox.listConnections();
  const journal = path.join(mkdtempSync(path.join(folder, "run-")), "journal.json");

  const armed = sandbox.fail(fault);
  const first = startProcess(enable(target), journal);
  await expect.poll(() => armed.fired, { timeout: 60_000, interval: 5 }).toBe(1);
  first.child.kill("SIGKILL");
  await first.done;

  const second = await startProcess(enable(target), journal).done;
  expect(second.output).toContain("0 refuted");
  expect(second.code).toBe(0);
  expect(sandbox.listConnections()).toEqual(before);
  expect(existsSync(journal)).toBe(false);
}

test("after kill -9 at each write, before and after its response, the next run deletes what is left, and passes", async () => {
  const changes = await listChanges();
  expect(changes.length).toBeGreaterThan(8);
  for (const skip of changes) {
    // The sandbox has processed the write, and its response is on hold; or the next request is.
    await expectRecovery({ skip, moment: "after", what: { kind: "hang" } });
    await expectRecovery({ skip: skip + 1, moment: "before", what: { kind: "hang" } });
  }
}, 600_000);
