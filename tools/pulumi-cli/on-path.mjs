import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CommandFailed, runCommand } from "../run-command.mjs";
import {
  findAllOnPath,
  dynamicProviderName,
  isExecutable,
  languageHostName,
  pulumiName,
} from "./executables.mjs";

/** The oldest engine that the tests support. */
const oldestVersion = [3, 216];
export const oldestVersionText = oldestVersion.join(".");

/**
 * Finds the first `pulumi` on PATH that can run our programs, or the reason for each that cannot.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ bin: string, version: string } | { reasons: string[] }>}
 */
export async function findOnPath(env) {
  const reasons = [];
  // Skip the npm launcher in node_modules/.bin: printing its version would download a CLI.
  const candidates = findAllOnPath(pulumiName, env["PATH"]).filter(
    (bin) => !bin.includes(join("node_modules", ".bin")),
  );
  for (const bin of candidates) {
    const version = await readVersion(bin, env);
    if (version === undefined) reasons.push(`${bin} does not print its version`);
    else if (!isNewEnough(version)) reasons.push(`${bin} is ${version}, older than ${oldestVersionText}`);
    else {
      const missing = [languageHostName, dynamicProviderName].filter(
        (name) => !isExecutable(join(dirname(bin), name)) && findAllOnPath(name, env["PATH"]).length === 0,
      );
      if (missing.length === 0) return { bin, version };
      reasons.push(`${bin} is ${version}, but has no ${missing.join(" and no ")} next to it or on PATH`);
    }
  }
  return { reasons: reasons.length > 0 ? reasons : ["not found"] };
}

/** @param {string} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestVersion;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/**
 * @param {string} bin
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} undefined if its output is not a version
 */
async function readVersion(bin, env) {
  // Use a temporary home, because even `pulumi version` may write to it.
  const home = mkdtempSync(join(tmpdir(), "pulumi-version-"));
  try {
    const output = await runCommand(bin, ["version"], {
      env: { ...env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeoutMs: 20_000,
    });
    return /^v?(\d+\.\d+\.\d+\S*)$/m.exec(output.trim())?.[1];
  } catch (error) {
    if (error instanceof CommandFailed) return undefined;
    throw error;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
