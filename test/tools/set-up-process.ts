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

/** A scratch folder with a cache of its own and a PATH that holds nothing of this machine. */
export function scratch() {
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
    begun: () =>
      existsSync(join(folder, "begun"))
        ? readFileSync(join(folder, "begun"), "utf8").split("\n").length - 1
        : 0,
    goOn: () => {
      writeFileSync(join(folder, "go-on"), "");
    },
    inCache: () => (existsSync(clis) ? readdirSync(clis) : []),
  };
}

export function script(path: string, text: string) {
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

/** Starts fake-set-up.mjs; a test that fails leaves no process behind. */
export function startSetUp(place: ReturnType<typeof scratch>, mode: "makes" | "waits" | "fails") {
  const program = fileURLToPath(new URL("fake-set-up.mjs", import.meta.url));
  const child = spawn(process.execPath, [program, place.folder, mode], { env: place.env });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const printed = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (printed.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (printed.err += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on("close", (code, signal) => {
      resolve(signal ?? code);
    });
  });
  return {
    printed,
    ended,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    result: async () => {
      const code = await ended;
      if (code !== 0) throw new Error(`set-up ended with ${String(code)}: ${printed.err}`);
      return JSON.parse(printed.out) as PulumiCli;
    },
  };
}

/** Polls; it is the time limit of the test that ends a wait in vain. */
export async function until(condition: () => boolean) {
  while (!condition()) await sleep(20);
}
