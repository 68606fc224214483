import { dirname, join } from "node:path";
import { installPackages } from "./packed-package.mjs";
import { runCommand } from "./run-command.mjs";
import { SetupError } from "./setup-error.mjs";

/** @type {Map<number, Promise<string>>} */
const nodeDirs = new Map();

/**
 * Finds or installs a version of Node.
 * @param {number} major
 * @param {string} workFolder where to install it
 * @returns {Promise<string>} the folder of this Node
 */
export function getNodeDir(major, workFolder) {
  const nodeDir = nodeDirs.get(major) ?? findOrInstallNode(major, workFolder);
  nodeDirs.set(major, nodeDir);
  return nodeDir;
}

/** @param {number} major @param {string} workFolder */
async function findOrInstallNode(major, workFolder) {
  if (Number(process.versions.node.split(".")[0]) === major) return dirname(process.execPath);
  const folder = join(workFolder, `node-${major}`);
  await installPackages(folder, [`node@${major}`]);
  const nodeDir = join(folder, "node_modules", "node", "bin");
  const version = await runCommand(join(nodeDir, "node"), ["--version"]);
  if (!version.startsWith(`v${major}.`))
    throw new SetupError(`installed Node ${major}, but got ${version.trim()}`);
  return nodeDir;
}
