import { dirname, join } from "node:path";
import { logLine } from "../progress.mjs";
import { SetupError } from "../setup-error.mjs";
import { createOnce, fillCache, getCache } from "./cache.mjs";
import { buildCli } from "./build-cli.mjs";
import { pulumiName, requiredNames } from "./executables.mjs";
import { downloadWithLauncher } from "./launcher.mjs";
import { findOnPath, oldestVersionText } from "./on-path.mjs";

/** The version to set up if the machine has none. */
const pulumiVersion = "3.274.1";

/**
 * A way to create the CLI: fills `binDir`, may use the folder `work`, throws a SetupError with the reason if
 * it fails.
 * @typedef {object} Maker
 * @property {"launcher" | "built"} how
 * @property {string} title
 * @property {(options: { work: string, binDir: string, version: string, log: import("../progress.mjs").Log,
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
 * @param {{ log?: import("../progress.mjs").Log, env?: NodeJS.ProcessEnv, makers?: Maker[] }} [options]
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
