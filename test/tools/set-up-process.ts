import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { PulumiCli } from "../../tools/pulumi-cli/ensure-pulumi.mjs";

/** Creates a scratch folder with its own cache and a PATH without programs of this machine. */
export function createScratch() {
  const folder = mkdtempSync(join(tmpdir(), "tools-test-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  const pathDir = join(folder, "path");
  const cacheDir = join(folder, "cache");
  mkdirSync(pathDir);
  const env: NodeJS.ProcessEnv = { PATH: pathDir, XDG_CACHE_HOME: cacheDir, HOME: join(folder, "home") };
  const clis = join(cacheDir, "pulumi-datadog-org-connections", "pulumi-cli");
  const key = `3.274.1-${process.platform}-${process.arch}`;
  return {
    folder,
    pathDir,
    env,
    clis,
    binDir: join(clis, key, "bin"),
    lockFile: join(clis, `${key}.lock`),
    countStarted: () =>
      existsSync(join(folder, "begun"))
        ? readFileSync(join(folder, "begun"), "utf8").split("\n").length - 1
        : 0,
    resume: () => {
      writeFileSync(join(folder, "go-on"), "");
    },
    listCache: () => (existsSync(clis) ? readdirSync(clis) : []),
  };
}

export function writeScript(path: string, text: string) {
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

/** Starts fake-set-up.mjs. The process is killed when the test finishes. */
export function startSetUp(place: ReturnType<typeof createScratch>, mode: "makes" | "waits" | "fails") {
  const program = fileURLToPath(new URL("fake-set-up.mjs", import.meta.url));
  const child = spawn(process.execPath, [program, place.folder, mode], { env: place.env });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const printed = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (printed.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (printed.err += chunk.toString()));
  const exited = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on("close", (code, signal) => {
      resolve(signal ?? code);
    });
  });
  return {
    printed,
    exited,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    waitForResult: async () => {
      const code = await exited;
      if (code !== 0) throw new Error(`set-up exited with ${String(code)}: ${printed.err}`);
      return JSON.parse(printed.out) as PulumiCli;
    },
  };
}

/** Polls a condition. The test timeout limits the wait. */
export async function waitUntil(condition: () => boolean) {
  while (!condition()) await sleep(20);
}
