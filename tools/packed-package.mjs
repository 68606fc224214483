import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./bootstrap.mjs";
import { npmCommand, npmEnv } from "./npm-command.mjs";
import { during, logLine } from "./progress.mjs";
import { runCommand } from "./run-command.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * @param {string[]} args
 * @param {string} folder
 */
function runNpm(args, folder) {
  const npm = npmCommand();
  // Named as prefix too, so that npm does not look for the project in the folders above, which are this tree.
  const all = [...npm.args, ...args, "--prefix", folder, "--no-fund", "--no-audit"];
  return runCommand(npm.command, all, { cwd: folder, env: npmEnv(), timeoutMs: 10 * 60_000 });
}

/**
 * Installs packages into an empty folder, as a user would.
 * @param {string} folder
 * @param {string[]} packages names with versions, or tarballs
 */
export async function installInto(folder, packages) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "name": "scratch", "private": true }\n');
  await during({ what: `Installing ${packages.map(shortName).join(", ")}`, log: logLine }, () =>
    runNpm(["install", "--save-exact", ...packages], folder),
  );
}

/** @param {string} name */
const shortName = (name) =>
  name
    .split(/[\\/]/)
    .slice(name.startsWith("@") ? -2 : -1)
    .join("/");

/** The published packages, by their folders in the tree. */
export const PUBLISHED = /** @type {const} */ (["provider", "sandbox", "cli"]);
/** @typedef {typeof PUBLISHED[number]} Published */

/**
 * The tarballs of all published packages as they are built now.
 * @param {string} folder where to put them
 * @returns {Promise<Record<Published, string>>}
 */
export async function packAll(folder) {
  const entries = [];
  for (const name of PUBLISHED) entries.push([name, await pack(name, join(folder, name))]);
  return Object.fromEntries(entries);
}

/**
 * The tarball of a package as it is built now. Its own `prepack` would take the build away from under whoever uses it
 * meanwhile, such as other tests.
 * @param {Published} name
 * @param {string} folder where to put it
 */
async function pack(name, folder) {
  mkdirSync(folder, { recursive: true });
  await runCommand(
    npmCommand().command,
    [...npmCommand().args, "pack", "--ignore-scripts", "--pack-destination", folder],
    {
      cwd: join(root, name),
      env: npmEnv(),
    },
  );
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new SetupError(`npm pack made no tarball of ${name}`);
  return join(folder, tarball);
}
