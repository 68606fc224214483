import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { npmCommand, npmEnv } from "../npm-command.mjs";
import { during } from "../progress.mjs";
import { CommandFailed, runCommand } from "../run-command.mjs";
import { SetupError } from "../setup-error.mjs";
import { pulumiName } from "./executables.mjs";

/** The official launcher: it downloads the CLI with all language hosts into `$PULUMI_HOME/versions/<version>`. */
const launcher = "pulumi@3.265.0";
const stallMs = 45_000;
const longestMs = 15 * 60_000;

/**
 * @param {{ work: string, binDir: string, version: string, log: import("../progress.mjs").Log,
 *   env: NodeJS.ProcessEnv, onStart: (pid: number) => void }} options
 */
export async function makeWithLauncher({ work, binDir, version, log, env, onStart }) {
  const home = join(work, "home");
  const temporary = join(work, "tmp");
  mkdirSync(temporary);
  const npm = npmCommand(env);
  const args = [...npm.args, "exec", "--yes", `--package=${launcher}`, "--", "pulumi", "version"];
  try {
    await during({ what: `Downloading the Pulumi CLI ${version} with the official launcher`, log }, () =>
      runCommand(npm.command, args, {
        cwd: work,
        env: {
          ...npmEnv(env),
          PULUMI_HOME: home,
          PULUMI_VERSION: version,
          PULUMI_SKIP_UPDATE_CHECK: "true",
          TMPDIR: temporary,
          npm_config_cache: join(work, "npm"),
          npm_config_fetch_retries: "0",
        },
        timeoutMs: longestMs,
        // The launcher itself waits for ever on a network that neither answers nor refuses.
        stall: { afterMs: stallMs, sign: () => bytesUnder(work) },
        onStart,
      }),
    );
  } catch (error) {
    if (error instanceof CommandFailed) throw new SetupError(`${error.reason}${lastWords(error)}`);
    throw error;
  }
  const downloaded = join(home, "versions", version, "bin");
  try {
    statSync(join(downloaded, pulumiName));
  } catch {
    throw new SetupError("it ended well, but left no CLI where it says it would");
  }
  rmSync(binDir, { recursive: true });
  renameSync(downloaded, binDir);
}

/** @param {CommandFailed} error */
function lastWords(error) {
  // npm's own lines about its log file say nothing about the cause.
  const lines = error.lines().filter((line) => !/^npm (notice|warn)|A complete log|npm-debug/.test(line));
  const cause = lines.find((line) => /\bE[A-Z]{4,}\b|failed|refused|denied/.test(line)) ?? lines.at(-1);
  return cause === undefined ? "" : ` (${cause.trim().slice(0, 160)})`;
}

/**
 * @param {string} folder
 * @returns {number}
 */
function bytesUnder(folder) {
  let bytes = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      bytes += entry.isDirectory() ? bytesUnder(path) : statSync(path).size;
    }
  } catch {
    // A temporary file went away while we looked: the next look counts again.
  }
  return bytes;
}
