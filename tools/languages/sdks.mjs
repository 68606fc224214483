import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../bootstrap.mjs";
import { logLine, SetupError } from "../output.mjs";
import { createOnce, executableSuffix, fillCache, getCache } from "../pulumi-cli/cache.mjs";
import { buildWithGo } from "../pulumi-cli/go-build.mjs";
import { CommandFailed, runCommand } from "../run-command.mjs";
import { withWorkFolder } from "../run-vitest.mjs";

/** The newest version of Pulumi's generators whose code runs with Node 20. */
const generatorVersion = "3.248.0";
const generatorName = `sdk-generator${executableSuffix}`;
const generatorSources = ["go.mod", "go.sum", "main.go"];

/**
 * Finds the generator of the SDKs in the cache of the user, or builds it. Only `npm run sdks` and the slow tests of
 * the SDKs need it.
 * @param {{ log?: import("../output.mjs").Log, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ generator: string }>} the executable
 */
export async function ensureSdkGenerator({ log = logLine, env = process.env } = {}) {
  const cache = getCache({
    kind: "sdk-generator",
    title: "the SDK generator",
    version: `${generatorVersion}-${hashSources()}`,
    required: [generatorName],
    env,
  });
  await createOnce(cache, log, async ({ childStarted }) => {
    try {
      await fillCache(cache, {
        how: "built",
        version: generatorVersion,
        make: ({ work, binDir }) =>
          buildWithGo({
            title: "the generator of the SDKs",
            effort: "two to three minutes on two cores, and 2 GB of temporary disk space.",
            programs: [
              { folder: "sdk-generator", package: ".", file: generatorName, stamp: `v${generatorVersion}` },
            ],
            work,
            binDir,
            log,
            env,
            onStart: childStarted,
          }),
      });
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      throw new SetupError(
        [
          `The generator of the SDKs could not be built from Go modules: ${error.message}`,
          "Install Go 1.26 or newer, check that it can download modules, and run the command again.",
        ].join("\n"),
      );
    }
  });
  return { generator: join(cache.binDir, generatorName) };
}

function hashSources() {
  const hash = createHash("sha256");
  for (const file of generatorSources)
    hash.update(readFileSync(new URL(`../pulumi-cli/go/sdk-generator/${file}`, import.meta.url)));
  return hash.digest("hex").slice(0, 12);
}

/** The languages, each with a file of its SDK whose first lines have {@link mark}. */
const languages = {
  nodejs: "index.js",
  python: "pulumi_datadog_org_connections/__init__.py",
  go: "datadogorgconnections/provider.go",
};
const mark = "npm run sdks";
const longestMs = 10 * 60_000;

/**
 * Writes the SDKs, each into a folder of `out` with the name of its language. A folder of an earlier run is
 * replaced, another folder is an error.
 * @param {{ generator: string, schema: string, out: string }} options
 * @returns {Promise<string[]>} the folders
 */
export async function generateSdks({ generator, schema, out }) {
  const entries = Object.entries(languages);
  for (const [language, file] of entries) refuseOtherFolder(join(out, language), file);

  // In this repository, so that the compiler finds its packages.
  await withWorkFolder("sdks", async (work) => {
    await runStep("The SDKs could not be generated", generator, [schema, work]);
    await compileNodeSdk(join(work, "nodejs"));
    for (const [language] of entries) moveFolder(join(work, language), join(out, language));
  });
  return entries.map(([language]) => join(out, language));
}

/**
 * @param {string} folder
 * @param {string} file
 */
function refuseOtherFolder(folder, file) {
  if (!existsSync(folder)) return;
  const path = join(folder, file);
  if (existsSync(path) && readFileSync(path, "utf8").slice(0, 500).includes(mark)) return;
  throw new SetupError(
    `${folder} exists and contains no SDK of an earlier run. Move it, or choose another folder with --out.`,
  );
}

/**
 * Replaces the sources of the SDK for Node by an installable package: compiled code and types.
 * @param {string} folder
 */
async function compileNodeSdk(folder) {
  const sources = `${folder}-sources`;
  renameSync(folder, sources);
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const options = ["--outDir", folder, "--sourceMap", "false", "--declarationMap", "false"];
  await runStep("The SDK for Node could not be compiled", process.execPath, [tsc, "-p", sources, ...options]);
  const manifest = JSON.parse(readFileSync(join(sources, "package.json"), "utf8"));
  // What only a compilation needs.
  delete manifest.scripts;
  delete manifest.devDependencies;
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(join(sources, "README.md"), join(folder, "README.md"));
}

/**
 * @param {string} problem
 * @param {string} command
 * @param {string[]} args
 */
async function runStep(problem, command, args) {
  try {
    await runCommand(command, args, { cwd: root, timeoutMs: longestMs });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new SetupError([`${problem} (${error.reason}):`, ...error.getExcerpt()].join("\n"));
  }
}

/**
 * @param {string} from
 * @param {string} to
 */
function moveFolder(from, to) {
  rmSync(to, { recursive: true, force: true });
  // `rename` does not work between file systems.
  cpSync(from, to, { recursive: true });
}
