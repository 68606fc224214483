import { chmodSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSeed, startSandbox, type Sandbox } from "../../sandbox/src/index.js";
import { runBuilt, startBuilt, type BuiltRun } from "./built-command.js";
import { useFolder } from "./folder.js";
import { createEnv } from "./live-env.js";

const ROWS = 700;
const folder = useFolder({ isCleared: true });
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: createSeed({ sources: ROWS }) });
  for (let n = 1; n <= ROWS; n++) sandbox.connect({ source: `source-${n}`, sink: "observability" });
});
afterAll(() => sandbox.close());
beforeEach(() => void folder.write("state.json", { version: 3, deployment: { resources: [] } }));

const createCredentials = () => createEnv(sandbox, ["observability"]);
/** Finds connections that the empty state does not manage, and prints more than a pipe can buffer. */
const FINDING = ["inventory", "--state", "state.json", "--fail-on", "unmanaged"];
const FOUND = 6;

describe("a reader that closes the output", () => {
  test("in a pipeline does not change the exit code", async () => {
    const shell = 'set -o pipefail; "$@" | head -1';
    const { code, stdout, stderr } = await runBuilt(FINDING, {
      cwd: folder.path,
      env: createCredentials(),
      shell,
    });
    expect(stdout).toMatch(/^SOURCE [^\n]*\n$/);
    expect([code, stderr]).toEqual([FOUND, ""]);
  });

  test("before the first line does not change it either", async () => {
    const { child, result } = startBuilt(FINDING, { cwd: folder.path, env: createCredentials() });
    child.stdout.destroy();
    const { code, stderr } = await result;
    expect([code, stderr]).toEqual([FOUND, ""]);
  });

  test("from standard error does not change it either", async () => {
    const { child, result } = startBuilt(["inventory", "--nonsense"], { cwd: folder.path });
    child.stderr.destroy();
    expect((await result).code).toBe(2);
  });
});

describe("standard output that cannot be written", () => {
  const formatMessage = (why: string, action: string) =>
    `Standard output was not written: ${why}. ${action}, or redirect standard output to another file.\n`;

  test.each([FINDING, ["--help"], ["sandbox", "--port", "0"]])(
    "because the disk is full: one message without a stack trace, exit 1 (%s …)",
    async (...args) => {
      const shell = '"$@" > /dev/full';
      const { code, stderr } = await runBuilt(args, { cwd: folder.path, env: createCredentials(), shell });
      expect([code, stderr]).toEqual([
        1,
        formatMessage("there is not enough space (ENOSPC)", "Free some space"),
      ]);
    },
  );

  test("because the file reaches the maximum size during the write: exit 1", async () => {
    const shell = 'ulimit -f 4; "$@" > out';
    const { code, stderr } = await runBuilt(FINDING, { cwd: folder.path, env: createCredentials(), shell });
    expect([code, stderr]).toEqual([
      1,
      formatMessage("the file would exceed the maximum file size (EFBIG)", "Raise the limit"),
    ]);
  });
});

describe("with a server that never responds", () => {
  let server: Server;
  let requested: Promise<void>;
  const runs: BuiltRun[] = [];

  beforeEach(async () => {
    requested = new Promise((resolve) => {
      server = createServer(() => resolve());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    for (const { child } of runs.splice(0)) child.kill("SIGKILL");
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function start(args: string[], env: Record<string, string> = {}): BuiltRun {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const settings = { DD_HOST: url, DD_API_KEY: "sandbox-key", DD_APP_KEY: "sandbox-key", ...env };
    const run = startBuilt(args, { cwd: folder.path, env: settings });
    runs.push(run);
    return run;
  }

  test.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const)("the first %s ends the command: exit %i", async (signal, exit) => {
    const { child, result } = start(["inventory"]);
    await requested;
    child.kill(signal);
    expect(await result).toEqual({
      code: exit,
      signal: null,
      stdout: "",
      stderr: `The command was stopped by ${signal} before it finished.\n`,
    });
  });

  test.each([["discover", "-o", "out"], ["map", "--live", "-o", "out"], ["doctor"]])(
    "a signal leaves no file: %s %s %s",
    async (...args) => {
      const { child, result } = start(args);
      await requested;
      child.kill("SIGTERM");
      expect((await result).code).toBe(143);
      expect(folder.list()).toEqual(["state.json"]);
    },
  );

  test.each([
    ["an error", 'throw new Error("broken\\n\\u001b[31mon purpose")'],
    ["a rejection", 'Promise.reject(new Error("broken\\n\\u001b[31mon purpose"))'],
  ])("%s that is not caught: one line without a stack trace, exit 1", async (_, statement) => {
    const preload = folder.write("preload.cjs", `setTimeout(() => { ${statement}; }, 50);`);
    const { code, stdout, stderr } = await start(["inventory"], { NODE_OPTIONS: `--require ${preload}` })
      .result;
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^The command failed unexpectedly: broken .*on purpose\. [^\n]*\n$/);
    expect(stderr).not.toContain("\u001b");
  });
});

test("a signal also stops a `pulumi` that does not respond", async () => {
  const pulumi = folder.write("pulumi", `#!/bin/sh\necho $$ > "${folder.getPath("pid")}"\nexec sleep 600\n`);
  chmodSync(pulumi, 0o755);
  const env = { PATH: `${folder.path}:${process.env["PATH"] ?? ""}` };
  const { child, result } = startBuilt(["inventory", "--stack", "dev"], { cwd: folder.path, env });
  const readPid = () => Number(folder.read("pid"));
  await expect.poll(() => folder.has("pid") && readPid() > 0).toBe(true);
  child.kill("SIGTERM");
  expect((await result).code).toBe(143);
  await expect.poll(() => isRunning(readPid())).toBe(false);
});

/** Whether a process runs. A zombie process does not. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

test.each(["SIGTERM", "SIGINT"] as const)("%s stops the sandbox: exit 0", async (signal) => {
  const { child, result } = startBuilt(["sandbox", "--port", "0", "--format", "json"]);
  const [line] = (await child.stdout.take(1).toArray()) as string[];
  expect(line).toContain('"url":');
  child.kill(signal);
  const { code, stderr } = await result;
  expect([code, stderr]).toEqual([0, ""]);
});
