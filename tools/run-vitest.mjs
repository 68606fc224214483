import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./bootstrap.mjs";
import { onInterrupt } from "./on-interrupt.mjs";

/**
 * Runs one file of tests in a process of its own, which an interrupt ends.
 * @param {string} file the test
 * @param {Record<string, string>} env beside the environment of this process
 * @returns {Promise<{ code: number | null, output: string }>}
 */
export function runVitest(file, env) {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", file], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  const forget = onInterrupt(() => child.kill());
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      forget();
      resolve({ code, output });
    });
  });
}
