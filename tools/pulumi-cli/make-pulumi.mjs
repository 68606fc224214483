import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { runWithProgress, SetupError } from "../output.mjs";
import { CommandFailed, createNpmEnv, getNpmCommand, runCommand } from "../run-command.mjs";
import { dynamicProviderName, languageHostName, pulumiName } from "./cache.mjs";
import { buildWithGo } from "./go-build.mjs";

/**
 * The official launcher. It downloads the CLI with all language hosts into `$PULUMI_HOME/versions/<version>`.
 */
const launcher = "pulumi@3.265.0";
const stallMs = 45_000;
const longestMs = 15 * 60_000;

/**
 * @param {{ work: string, binDir: string, version: string, log: import("../output.mjs").Log,
 *   env: NodeJS.ProcessEnv, onStart: (pid: number) => void }} options
 */
export async function downloadWithLauncher({ work, binDir, version, log, env, onStart }) {
  const home = join(work, "home");
  const temporary = join(work, "tmp");
  mkdirSync(temporary);
  const npm = getNpmCommand(env);
  const args = [...npm.args, "exec", "--yes", `--package=${launcher}`, "--", "pulumi", "version"];
  try {
    await runWithProgress(
      { what: `Downloading the Pulumi CLI ${version} with the official launcher`, log },
      () =>
        runCommand(npm.command, args, {
          cwd: work,
          env: {
            ...createNpmEnv(env),
            PULUMI_HOME: home,
            PULUMI_VERSION: version,
            PULUMI_SKIP_UPDATE_CHECK: "true",
            TMPDIR: temporary,
            npm_config_cache: join(work, "npm"),
            npm_config_fetch_retries: "0",
          },
          timeoutMs: longestMs,
          // Without a network response, the launcher itself waits forever.
          stall: { afterMs: stallMs, getProgress: () => countBytes(work) },
          onStart,
        }),
    );
  } catch (error) {
    if (error instanceof CommandFailed) throw new SetupError(`${error.reason}${formatCause(error)}`);
    throw error;
  }
  const downloaded = join(home, "versions", version, "bin");
  try {
    statSync(join(downloaded, pulumiName));
  } catch {
    throw new SetupError("it succeeded, but its target folder has no CLI");
  }
  rmSync(binDir, { recursive: true });
  renameSync(downloaded, binDir);
}

/** @param {CommandFailed} error */
function formatCause(error) {
  // Ignore npm's lines about its log file, which do not show the cause.
  const lines = error.getLines().filter((line) => !/^npm (notice|warn)|A complete log|npm-debug/.test(line));
  const cause = lines.find((line) => /\bE[A-Z]{4,}\b|failed|refused|denied/.test(line)) ?? lines.at(-1);
  return cause === undefined ? "" : ` (${cause.trim().slice(0, 160)})`;
}

/**
 * @param {string} folder
 * @returns {number}
 */
function countBytes(folder) {
  let bytes = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      bytes += entry.isDirectory() ? countBytes(path) : statSync(path).size;
    }
  } catch {
    // A temporary file was removed. The next call counts again.
  }
  return bytes;
}

/**
 * Builds the CLI and the Node language host. The Node language host now has its own module, which is not on the
 * module proxy. v3.68.0 is the last version of the SDK that contains it, and it works with the current engine.
 * @param {{ work: string, binDir: string, version: string, log: import("../output.mjs").Log,
 *   env: NodeJS.ProcessEnv, onStart: (pid: number) => void }} options
 */
export async function buildCli({ work, binDir, version, log, env, onStart }) {
  installDynamicProvider(binDir);
  await buildWithGo({
    title: `the Pulumi CLI ${version}`,
    effort: "3 to 5 minutes on two cores, and 5 GB of temporary disk space.",
    programs: [
      {
        folder: "language-nodejs",
        package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
        file: languageHostName,
        stamp: "v3.68.0",
      },
      {
        folder: "pulumi",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        file: pulumiName,
        stamp: `v${version}`,
      },
    ],
    work,
    binDir,
    log,
    env,
    onStart,
  });
}

/**
 * Installs the script that starts the dynamic provider next to the CLI. The official download contains it;
 * for our own build, it is copied from the package `@pulumi/pulumi`. It starts the dynamic provider of the
 * *program's* `@pulumi/pulumi`, so any installation is a valid source.
 * @param {string} binDir
 */
function installDynamicProvider(binDir) {
  let source;
  try {
    const manifest = createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json");
    source = join(dirname(manifest), dynamicProviderName);
  } catch {
    throw new SetupError("@pulumi/pulumi is not installed: run `npm ci` first");
  }
  if (!existsSync(source)) throw new SetupError(`the installed @pulumi/pulumi has no ${dynamicProviderName}`);
  const target = join(binDir, dynamicProviderName);
  copyFileSync(source, target);
  chmodSync(target, 0o755);
}
