import { dirname } from "node:path";
import { withLock } from "../lock.mjs";
import { logLine } from "../progress.mjs";
import { SetupError } from "../setup-error.mjs";
import { cacheOf, fillCache, findCached, removeLeftovers } from "./cache.mjs";
import { makeWithGo } from "./go-build.mjs";
import { makeWithLauncher } from "./launcher.mjs";
import { findOnPath, oldestVersionText } from "./on-path.mjs";

/** The version that set-up makes when the machine has none. */
const pulumiVersion = "3.274.1";

/**
 * A way to make the CLI: fills `binDir`, may use `work` as it likes, throws a SetupError that says why not.
 * @typedef {object} Maker
 * @property {"launcher" | "built"} how
 * @property {string} title
 * @property {(options: { work: string, binDir: string, version: string, log: import("../progress.mjs").Log,
 *   env: NodeJS.ProcessEnv, onStart: (pid: number) => void }) => Promise<void>} make
 */

/** @type {Maker[]} */
const defaultMakers = [
  { how: "launcher", title: "the official launcher (npm package pulumi)", make: makeWithLauncher },
  { how: "built", title: "a build from Go modules", make: makeWithGo },
];

/**
 * @typedef {object} PulumiCli
 * @property {string} bin path of `pulumi`
 * @property {string} binDir
 * @property {string} version without a leading "v"
 * @property {"path" | "cache" | "launcher" | "built"} how
 */

/**
 * Finds a Pulumi CLI that can run the programs of this tree, or makes one in the user's cache.
 * @param {{ log?: import("../progress.mjs").Log, env?: NodeJS.ProcessEnv, makers?: Maker[] }} [options]
 * @returns {Promise<PulumiCli>}
 */
export async function ensurePulumi({ log = logLine, env = process.env, makers = defaultMakers } = {}) {
  const onPath = await findOnPath(env);
  if ("bin" in onPath) return { ...onPath, binDir: dirname(onPath.bin), how: "path" };

  const cache = cacheOf(pulumiVersion, env);
  /** @returns {PulumiCli | undefined} */
  const fromCache = () => {
    const cached = findCached(cache);
    return cached && { bin: cached.bin, binDir: cache.binDir, version: pulumiVersion, how: "cache" };
  };
  const cached = fromCache();
  if (cached) return cached;

  const waitingFor = "another set-up of the Pulumi CLI";
  return withLock(cache.lockFile, { waitingFor, log }, async (lock) => {
    const madeMeanwhile = fromCache();
    if (madeMeanwhile) return madeMeanwhile;
    removeLeftovers(cache);

    const tried = onPath.reasons.map((reason) => `pulumi on PATH: ${reason}`);
    tried.push(`the cache ${cache.binDir}: nothing usable there`);
    for (const { how, title, make } of makers) {
      try {
        await fillCache(cache, {
          how,
          version: pulumiVersion,
          make: async ({ work, binDir }) => {
            await make({ work, binDir, version: pulumiVersion, log, env, onStart: lock.childStarted });
            await proveThatItRuns(binDir, env);
          },
        });
        return { .../** @type {PulumiCli} */ (fromCache()), how };
      } catch (error) {
        if (!(error instanceof SetupError)) throw error;
        log(`No Pulumi CLI by ${title}: ${error.message}`);
        tried.push(`${title}: ${error.message}`);
      }
    }
    throw new SetupError(nothingWorked(tried));
  });
}

/**
 * @param {string} binDir
 * @param {NodeJS.ProcessEnv} env
 */
async function proveThatItRuns(binDir, env) {
  const found = await findOnPath({ ...env, PATH: binDir });
  if (!("bin" in found)) throw new SetupError(`what it made does not run: ${found.reasons.join("; ")}`);
}

/** @param {string[]} tried */
function nothingWorked(tried) {
  return [
    "There is no usable Pulumi CLI here, and none could be set up. Tried in turn:",
    ...tried.map((line) => `  - ${line}`),
    `What helps: install the Pulumi CLI ${oldestVersionText} or newer with its Node language host`,
    "(https://www.pulumi.com/docs/install/), or Go 1.26 or newer, and run this again.",
  ].join("\n");
}
