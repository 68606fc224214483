import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { prepare, root } from "./bootstrap.mjs";
import { installPackages, packPackages } from "./packed-package.mjs";
import { logLine } from "./progress.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";
import { testPackagesSeparately } from "./separate-packages.mjs";
import { runConnectionLifecycle } from "./connection-lifecycle.mjs";
import { CommandFailed, runCommand } from "./run-command.mjs";
import { SetupError, exitWithError } from "./setup-error.mjs";

// `npm run test:matrix` tests the packed packages, installed as by a user, with the supported versions of
// Node and @pulumi/pulumi. It tests only some versions of each range, since each combination takes a minute.
const combinations = [
  ...[20, 22, 24].flatMap((node) => ["3.216.0", "3.248.0"].map((sdk) => ({ node, sdk }))),
  { node: 22, sdk: "latest" },
  { node: 24, sdk: "latest" },
];
const typescriptVersion = "5.9.3";
const workFolder = join(root, ".local", "matrix");

/** @type {Map<number, Promise<string>>} */
const nodeDirs = new Map();

/**
 * @param {number} major
 * @returns {Promise<string>} the folder of this Node
 */
function getNodeDir(major) {
  const nodeDir = nodeDirs.get(major) ?? findOrInstallNode(major);
  nodeDirs.set(major, nodeDir);
  return nodeDir;
}

/** @param {number} major */
async function findOrInstallNode(major) {
  if (Number(process.versions.node.split(".")[0]) === major) return dirname(process.execPath);
  const folder = join(workFolder, `node-${major}`);
  await installPackages(folder, [`node@${major}`]);
  const nodeDir = join(folder, "node_modules", "node", "bin");
  const version = await runCommand(join(nodeDir, "node"), ["--version"]);
  if (!version.startsWith(`v${major}.`))
    throw new SetupError(`installed Node ${major}, but got ${version.trim()}`);
  return nodeDir;
}

/**
 * @param {{ node: number, sdk: string }} combination
 * @param {{ tarballs: Awaited<ReturnType<typeof packPackages>>, binDir: string }} common
 */
async function tryCombination({ node, sdk }, { tarballs, binDir }) {
  const nodeDir = await getNodeDir(node);
  const folder = join(workFolder, `node-${node}-sdk-${sdk}`);
  // Then install all packages together.
  await testPackagesSeparately({ folder: join(folder, "apart"), nodeDir, sdk, tarballs });
  await installPackages(folder, [
    ...Object.values(tarballs),
    `@pulumi/pulumi@${sdk}`,
    `typescript@${typescriptVersion}`,
  ]);
  await runConnectionLifecycle({ folder, nodeDir, binDir });
}

/** @param {unknown} error */
function formatError(error) {
  if (error instanceof CommandFailed) return [...error.getExcerpt(), error.reason].join("\n");
  if (error instanceof SetupError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  await prepare({ log: logLine });
  const { binDir, version } = await ensurePulumi({ log: logLine });
  rmSync(workFolder, { recursive: true, force: true });
  const tarballs = await packPackages(join(workFolder, "tarballs"));

  const rows = [];
  for (const combination of combinations) {
    const name = `Node ${combination.node}, @pulumi/pulumi ${combination.sdk}`;
    console.log(`\n== ${name}`);
    const started = Date.now();
    let result = "passed";
    try {
      await tryCombination(combination, { tarballs, binDir });
    } catch (error) {
      result = "FAILED";
      console.error(formatError(error));
    }
    rows.push({ name, result, seconds: Math.round((Date.now() - started) / 1000) });
  }

  console.log(`\nWith Pulumi CLI ${version}:`);
  for (const { name, result, seconds } of rows) console.log(`  ${name.padEnd(36)} ${result} (${seconds} s)`);
  const failed = rows.filter(({ result }) => result !== "passed").length;
  if (failed > 0) throw new SetupError(`${failed} of ${rows.length} combinations failed`);
} catch (error) {
  exitWithError(error);
}
