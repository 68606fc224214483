import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { getNpmCommand, createNpmEnv } from "../npm-command.mjs";
import { runWithProgress } from "../progress.mjs";
import { CommandFailed, runCommand } from "../run-command.mjs";
import { SetupError } from "../setup-error.mjs";
import { pulumiName } from "./executables.mjs";

/**
 * The official launcher. It downloads the CLI with all language hosts into `$PULUMI_HOME/versions/<version>`.
 */
const launcher = "pulumi@3.265.0";
const stallMs = 45_000;
const longestMs = 15 * 60_000;

/**
 * @param {{ work: string, binDir: string, version: string, log: import("../progress.mjs").Log,
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
