import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { logLine, runWithProgress } from "../progress.mjs";
import { CommandFailed, runCommand } from "../run-command.mjs";
import { SetupError } from "../setup-error.mjs";
import { createOnce, fillCache, getCache } from "./cache.mjs";
import { executableSuffix, findAllOnPath } from "./executables.mjs";

/** The oldest Python that the pinned SDK supports. */
const oldestPython = [3, 10];
const requirements = fileURLToPath(new URL("./python/requirements.txt", import.meta.url));
const longestMs = 10 * 60_000;

/**
 * Finds the virtual environment with the Python SDK of Pulumi in the cache of the user, or creates it. Only the
 * tests of Python programs need it.
 * @param {{ log?: import("../progress.mjs").Log, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ python: string }>} the executable of the environment
 */
export async function ensurePython({ log = logLine, env = process.env } = {}) {
  const { python, version } = await findPython(env);
  const pins = readFileSync(requirements, "utf8");
  const hash = createHash("sha256").update(pins).update(python).digest("hex").slice(0, 12);
  const sdk = /^pulumi==(.*)$/m.exec(pins)?.[1] ?? "";
  const cache = getCache({
    kind: "python",
    title: "the Python environment",
    version: `${sdk}-python${version}-${hash}`,
    // Written last, so an environment without packages does not count.
    required: ["complete"],
    env,
  });
  await createOnce(cache, log, async ({ childStarted }) => {
    try {
      await fillCache(cache, {
        how: "pip",
        version: sdk,
        make: ({ work, binDir }) => createVenv({ python, work, binDir, log, env, onStart: childStarted }),
      });
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      throw new SetupError(
        [
          `The Python environment for tests could not be created with ${python}: ${error.reason}`,
          ...error.getLines().slice(-3),
          "Install Python with its modules venv and pip, check that pip can download packages, and run the command again.",
        ].join("\n"),
      );
    }
  });
  return { python: join(cache.binDir, ...venvPython) };
}

const windows = process.platform === "win32";
const venvPython = ["venv", windows ? "Scripts" : "bin", `python${executableSuffix}`];

/**
 * Creates the environment. It is moved later, which only breaks the scripts in its `bin` folder: tests run modules
 * (`python -m pip`) instead.
 * @param {{ python: string, work: string, binDir: string, log: import("../progress.mjs").Log,
 *   env: NodeJS.ProcessEnv, onStart: (pid: number) => void }} options
 */
async function createVenv({ python, work, binDir, log, env, onStart }) {
  const options = { cwd: work, env, timeoutMs: longestMs, onStart };
  // pip is silent while it unpacks, so its own time limit for the network detects a hanging download.
  const network = ["--timeout", "30", "--retries", "2", "--no-cache-dir"];
  const install = ["-m", "pip", "install", ...network, "--no-input", "--only-binary", ":all:"];
  await runWithProgress({ what: "Installing the Pulumi SDK for Python", log }, async () => {
    await runCommand(python, ["-m", "venv", join(binDir, "venv")], options);
    await runCommand(join(binDir, ...venvPython), [...install, "-r", requirements], options);
  });
  writeFileSync(join(binDir, "complete"), "#!/bin/sh\n", { mode: 0o755 });
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ python: string, version: string }>}
 */
async function findPython(env) {
  const reasons = [];
  const names = windows ? ["python.exe"] : ["python3", "python"];
  for (const python of names.flatMap((name) => findAllOnPath(name, env["PATH"]))) {
    try {
      const code = "import sys; print('%d.%d' % sys.version_info[:2])";
      const version = (await runCommand(python, ["-c", code], { env, timeoutMs: 20_000 })).trim();
      if (isNewEnough(version)) return { python, version };
      reasons.push(`${python} is ${version}`);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      reasons.push(`${python} does not work (${error.reason})`);
    }
  }
  throw new SetupError(
    [
      `The tests of Python programs need Python ${oldestPython.join(".")} or newer: ${reasons.join("; ") || "python3 is not on PATH"}.`,
      "Install it with its modules venv and pip, and run the command again.",
    ].join("\n"),
  );
}

/** @param {string} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestPython;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
