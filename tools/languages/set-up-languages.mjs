import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../bootstrap.mjs";
import { logLine, runWithProgress, SetupError } from "../output.mjs";
import {
  createOnce,
  executableSuffix,
  fillCache,
  findAllOnPath,
  getCache,
  isExecutable,
} from "../pulumi-cli/cache.mjs";
import { buildWithGo } from "../pulumi-cli/go-build.mjs";
import { CommandFailed, runCommand } from "../run-command.mjs";
import { ensureSdkGenerator, generateSdks } from "./sdks.mjs";

/**
 * Sets up what the tests of programs in all languages need, and generates the SDKs from the current schema.
 * @param {{ bin: string }} cli
 * @param {string} [sdks] the folder of the SDKs
 */
export async function setUpLanguages(cli, sdks = join(root, ".local", "sdks")) {
  const { hostsDir } = await ensureLanguageHosts({ cli });
  const { python } = await ensurePython();
  const { generator } = await ensureSdkGenerator();
  mkdirSync(sdks, { recursive: true });
  await runWithProgress({ what: "Generating the SDKs of the plugin", log: logLine }, () =>
    generateSdks({ generator, schema: join(root, "plugin", "schema.json"), out: sdks }),
  );
  return { hostsDir, python, sdks };
}

/**
 * The hosts of YAML, Python and Go programs. Newer versions of the Python and Go hosts have modules of their own,
 * which are not on the module proxy. These versions of the SDK are the last that contain them, and they work with
 * the current engine.
 * @type {import("../pulumi-cli/go-build.mjs").GoProgram[]}
 */
const programs = [
  {
    folder: "language-yaml",
    package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    file: `pulumi-language-yaml${executableSuffix}`,
    stamp: "v1.36.0",
    versionVariable: "github.com/pulumi/pulumi-yaml/pkg/version.Version",
  },
  {
    folder: "language-python",
    package: "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python",
    file: `pulumi-language-python${executableSuffix}`,
    stamp: "v3.68.0",
    script: { module: "github.com/pulumi/pulumi/sdk/v3", path: "python/cmd/pulumi-language-python-exec" },
  },
  {
    folder: "language-go",
    package: "github.com/pulumi/pulumi/sdk/v3/go/pulumi-language-go",
    file: `pulumi-language-go${executableSuffix}`,
    stamp: "v3.61.0",
  },
];

const required = [...programs.map(({ file }) => file), "pulumi-language-python-exec"];

/** @typedef {(options: { work: string, binDir: string, log: import("../output.mjs").Log,
 *   env: NodeJS.ProcessEnv, onStart: (pid: number) => void }) => Promise<void>} MakeHosts */

/** @type {MakeHosts} */
const buildHosts = (options) =>
  buildWithGo({
    title: "the Pulumi language hosts of YAML, Python and Go",
    effort: "two to three minutes on two cores, and 3 GB of temporary disk space.",
    programs,
    ...options,
  });

/**
 * Finds the hosts of YAML, Python and Go programs beside the CLI or on PATH, or creates them in the cache of the
 * user. Only the tests of the plugin need them, so the other commands do not wait for them.
 * @param {{ cli: { bin: string }, log?: import("../output.mjs").Log, env?: NodeJS.ProcessEnv, make?: MakeHosts }}
 *   options
 * @returns {Promise<{ hostsDir: string }>} the folder to add to PATH
 */
export async function ensureLanguageHosts({ cli, log = logLine, env = process.env, make = buildHosts }) {
  const beside = dirname(cli.bin);
  if (required.every((name) => isExecutable(join(beside, name)))) return { hostsDir: beside };
  const [onPath] = findAllOnPath(required[0] ?? "", env["PATH"]).map(dirname);
  if (onPath && required.every((name) => isExecutable(join(onPath, name)))) return { hostsDir: onPath };

  const cache = getCache({
    kind: "language-hosts",
    title: "the Pulumi language hosts",
    version: programs.map(({ folder, stamp }) => folder.replace("language-", "") + stamp.slice(1)).join("-"),
    required,
    env,
  });
  await createOnce(cache, log, async (lock) => {
    try {
      await fillCache(cache, {
        how: "built",
        version: programs.map(({ stamp }) => stamp).join(),
        make: ({ work, binDir }) => make({ work, binDir, log, env, onStart: lock.childStarted }),
      });
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      throw new SetupError(
        [
          `The Pulumi language hosts of YAML, Python and Go are neither next to ${cli.bin}, nor on PATH, nor in the cache,`,
          `and could not be built from Go modules: ${error.message}`,
          "Install the complete Pulumi CLI (https://www.pulumi.com/docs/install/), or Go 1.26 or newer, and run the command again.",
        ].join("\n"),
      );
    }
  });
  return { hostsDir: cache.binDir };
}

/** The oldest Python that the pinned SDK supports. */
const oldestPython = [3, 10];
const requirements = fileURLToPath(new URL("../pulumi-cli/python/requirements.txt", import.meta.url));
const longestMs = 10 * 60_000;

/**
 * Finds the virtual environment with the Python SDK of Pulumi in the cache of the user, or creates it. Only the
 * tests of Python programs need it.
 * @param {{ log?: import("../output.mjs").Log, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ python: string }>} the executable of the environment
 */
async function ensurePython({ log = logLine, env = process.env } = {}) {
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
 * @param {{ python: string, work: string, binDir: string, log: import("../output.mjs").Log,
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
