import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./bootstrap.mjs";
import { getNpmCommand, createNpmEnv, runCommand } from "./run-command.mjs";
import { runWithProgress, logLine, SetupError } from "./output.mjs";

/**
 * @param {string[]} args
 * @param {string} folder
 */
function runNpm(args, folder) {
  const npm = getNpmCommand();
  // Pass the folder as prefix too, so that npm does not find the project in its parent folders, which are
  // this repository.
  const all = [...npm.args, ...args, "--prefix", folder, "--no-fund", "--no-audit"];
  return runCommand(npm.command, all, { cwd: folder, env: createNpmEnv(), timeoutMs: 10 * 60_000 });
}

/**
 * Installs packages into an empty folder, as a user does.
 * @param {string} folder
 * @param {string[]} packages names with versions, or tarballs
 * @param {string} [registry] by default the configured one
 */
export async function installPackages(folder, packages, registry) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "name": "scratch", "private": true }\n');
  await runWithProgress({ what: `Installing ${packages.map(getShortName).join(", ")}`, log: logLine }, () =>
    runNpm(
      ["install", "--save-exact", ...packages, ...(registry === undefined ? [] : ["--registry", registry])],
      folder,
    ),
  );
}

/** @param {string} name */
const getShortName = (name) =>
  name
    .split(/[\\/]/)
    .slice(name.startsWith("@") ? -2 : -1)
    .join("/");

/** The folders of the published packages. */
export const PUBLISHED = /** @type {const} */ (["provider", "plugin", "sandbox", "cli"]);
/** @typedef {typeof PUBLISHED[number]} Published */

/**
 * Packs all published packages from their current builds.
 * @param {string} folder the target folder
 * @returns {Promise<Record<Published, string>>}
 */
export async function packPackages(folder) {
  const entries = [];
  for (const name of PUBLISHED) entries.push([name, await packPackage(name, join(folder, name))]);
  return Object.fromEntries(entries);
}

/**
 * Packs a package from its current build, with its pages. Its `prepack` script would replace the build while other
 * tests use it.
 * @param {Published} name
 * @param {string} folder the target folder
 */
async function packPackage(name, folder) {
  // A dynamic import, because this module must load before packages are installed.
  const { writePackagePages } = await import("./package-pages.mjs");
  writePackagePages(root, name);
  return packFolder(join(root, name), folder);
}

/**
 * Packs the package in a folder, without its scripts.
 * @param {string} source
 * @param {string} folder the target folder
 * @returns {Promise<string>} the tarball
 */
export const packFolder = (source, folder) => runPack(".", source, folder);

/**
 * Downloads the tarball of a published package.
 * @param {string} name with its version
 * @param {string} folder the target folder
 * @returns {Promise<string>} the tarball
 */
export const packFromRegistry = (name, folder) => runPack(name, tmpdir(), folder);

/**
 * @param {string} what
 * @param {string} cwd
 * @param {string} folder the target folder
 */
async function runPack(what, cwd, folder) {
  mkdirSync(folder, { recursive: true });
  await runCommand(
    getNpmCommand().command,
    [...getNpmCommand().args, "pack", what, "--ignore-scripts", "--pack-destination", folder],
    { cwd, env: createNpmEnv(), timeoutMs: 10 * 60_000 },
  );
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new SetupError(`npm pack created no tarball of ${what} in ${cwd}`);
  return join(folder, tarball);
}
