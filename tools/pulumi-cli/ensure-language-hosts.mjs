import { dirname, join } from "node:path";
import { logLine } from "../progress.mjs";
import { SetupError } from "../setup-error.mjs";
import { createOnce, fillCache, getCache } from "./cache.mjs";
import { executableSuffix, findAllOnPath, isExecutable } from "./executables.mjs";
import { buildWithGo } from "./go-build.mjs";

/**
 * The hosts of YAML, Python and Go programs. Newer versions of the Python and Go hosts have modules of their own,
 * which are not on the module proxy. These versions of the SDK are the last that contain them, and they work with
 * the current engine.
 * @type {import("./go-build.mjs").GoProgram[]}
 */
const programs = [
  {
    folder: "language-yaml",
    package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    file: `pulumi-language-yaml${executableSuffix}`,
    stamp: "v1.25.0",
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

/** @typedef {(options: { work: string, binDir: string, log: import("../progress.mjs").Log,
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
 * @param {{ cli: { bin: string }, log?: import("../progress.mjs").Log, env?: NodeJS.ProcessEnv, make?: MakeHosts }}
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
