import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { logLine, SetupError } from "../output.mjs";
import { CommandFailed, runCommand } from "../run-command.mjs";
import { buildCli, downloadWithLauncher } from "./make-pulumi.mjs";
import {
  createOnce,
  dynamicProviderName,
  fillCache,
  findAllOnPath,
  getCache,
  isExecutable,
  languageHostName,
  pulumiName,
  requiredNames,
} from "./cache.mjs";

/** The version to set up if the machine has none. */
const pulumiVersion = "3.274.1";

/**
 * A way to create the CLI: fills `binDir`, may use the folder `work`, throws a SetupError with the reason if
 * it fails.
 * @typedef {object} Maker
 * @property {"launcher" | "built"} how
 * @property {string} title
 * @property {(options: { work: string, binDir: string, version: string, log: import("../output.mjs").Log,
 *   env: NodeJS.ProcessEnv, onStart: (pid: number) => void }) => Promise<void>} make
 */

/** @type {Maker[]} */
const defaultMakers = [
  { how: "launcher", title: "the official launcher (npm package pulumi)", make: downloadWithLauncher },
  { how: "built", title: "a build from Go modules", make: buildCli },
];

/**
 * @typedef {object} PulumiCli
 * @property {string} bin path of `pulumi`
 * @property {string} binDir
 * @property {string} version without a leading "v"
 * @property {"path" | "cache" | "launcher" | "built"} how
 */

/**
 * Finds a Pulumi CLI that can run the programs of this repository, or creates one in the cache of the user.
 * @param {{ log?: import("../output.mjs").Log, env?: NodeJS.ProcessEnv, makers?: Maker[] }} [options]
 * @returns {Promise<PulumiCli>}
 */
export async function ensurePulumi({ log = logLine, env = process.env, makers = defaultMakers } = {}) {
  const onPath = await findOnPath(env);
  if ("bin" in onPath) return { ...onPath, binDir: dirname(onPath.bin), how: "path" };

  const cache = getCache({
    kind: "pulumi-cli",
    title: "the Pulumi CLI",
    version: pulumiVersion,
    required: requiredNames,
    env,
  });
  /** @type {PulumiCli["how"]} */
  let createdBy = "cache";
  await createOnce(cache, log, async (lock) => {
    const tried = onPath.reasons.map((reason) => `pulumi on PATH: ${reason}`);
    tried.push(`the cache ${cache.binDir}: no usable CLI`);
    for (const { how, title, make } of makers) {
      try {
        await fillCache(cache, {
          how,
          version: pulumiVersion,
          make: async ({ work, binDir }) => {
            await make({ work, binDir, version: pulumiVersion, log, env, onStart: lock.childStarted });
            await verifyCli(binDir, env);
          },
        });
        createdBy = how;
        return;
      } catch (error) {
        if (!(error instanceof SetupError)) throw error;
        log(`No Pulumi CLI by ${title}: ${error.message}`);
        tried.push(`${title}: ${error.message}`);
      }
    }
    throw new SetupError(formatFailure(tried));
  });
  const { binDir } = cache;
  return { bin: join(binDir, pulumiName), binDir, version: pulumiVersion, how: createdBy };
}

/**
 * @param {string} binDir
 * @param {NodeJS.ProcessEnv} env
 */
async function verifyCli(binDir, env) {
  const found = await findOnPath({ ...env, PATH: binDir });
  if (!("bin" in found)) throw new SetupError(`the created CLI does not run: ${found.reasons.join("; ")}`);
}

/** @param {string[]} tried */
function formatFailure(tried) {
  return [
    "No usable Pulumi CLI was found, and none could be set up. Tried in this order:",
    ...tried.map((line) => `  - ${line}`),
    `Install the Pulumi CLI ${oldestVersionText} or newer with its Node language host`,
    "(https://www.pulumi.com/docs/install/), or Go 1.26 or newer, and run the command again.",
  ].join("\n");
}

/** The oldest engine that the tests support. */
const oldestVersion = [3, 216];
const oldestVersionText = oldestVersion.join(".");

/**
 * Finds the first `pulumi` on PATH that can run our programs, or the reason for each that cannot.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ bin: string, version: string } | { reasons: string[] }>}
 */
async function findOnPath(env) {
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
