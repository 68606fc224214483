import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./bootstrap.mjs";
import { addInterruptCleanup } from "./run-command.mjs";

/**
 * Runs one test file in a separate process. An interrupt kills the process.
 * @param {string} file the test
 * @param {Record<string, string>} env in addition to the environment of this process
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
  const forget = addInterruptCleanup(() => child.kill());
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      forget();
      resolve({ code, output });
    });
  });
}
