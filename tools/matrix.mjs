import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { prepare, root } from "./bootstrap.mjs";
import { installInto, packAll } from "./packed-package.mjs";
import { logLine } from "./progress.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";
import { usePackagesApart } from "./packages-apart.mjs";
import { runLifeOfAConnection } from "./life-of-a-connection.mjs";
import { CommandFailed, runCommand } from "./run-command.mjs";
import { SetupError, exitWith } from "./setup-error.mjs";

// `npm run test:matrix`: the packed packages, installed as a user would, on every Node and every @pulumi/pulumi
// that we promise. The ends and a middle of each range, since each combination takes a minute.
const combinations = [
  ...[20, 22, 24].flatMap((node) => ["3.216.0", "3.248.0"].map((sdk) => ({ node, sdk }))),
  { node: 22, sdk: "latest" },
  { node: 24, sdk: "latest" },
];
const typescriptVersion = "5.9.3";
const place = join(root, ".local", "matrix");

/** @type {Map<number, Promise<string>>} */
const nodeDirs = new Map();

/**
 * @param {number} major
 * @returns {Promise<string>} the folder that holds this Node
 */
function nodeDirOf(major) {
  const nodeDir = nodeDirs.get(major) ?? findOrInstallNode(major);
  nodeDirs.set(major, nodeDir);
  return nodeDir;
}

/** @param {number} major */
async function findOrInstallNode(major) {
  if (Number(process.versions.node.split(".")[0]) === major) return dirname(process.execPath);
  const folder = join(place, `node-${major}`);
  await installInto(folder, [`node@${major}`]);
  const nodeDir = join(folder, "node_modules", "node", "bin");
  const version = await runCommand(join(nodeDir, "node"), ["--version"]);
  if (!version.startsWith(`v${major}.`))
    throw new SetupError(`asked for Node ${major}, got ${version.trim()}`);
  return nodeDir;
}

/**
 * @param {{ node: number, sdk: string }} combination
 * @param {{ tarballs: Awaited<ReturnType<typeof packAll>>, binDir: string }} common
 */
async function tryCombination({ node, sdk }, { tarballs, binDir }) {
  const nodeDir = await nodeDirOf(node);
  const folder = join(place, `node-${node}-sdk-${sdk}`);
  // Then together.
  await usePackagesApart({ folder: join(folder, "apart"), nodeDir, sdk, tarballs });
  await installInto(folder, [
    ...Object.values(tarballs),
    `@pulumi/pulumi@${sdk}`,
    `typescript@${typescriptVersion}`,
  ]);
  await runLifeOfAConnection({ folder, nodeDir, binDir });
}

/** @param {unknown} error */
function describe(error) {
  if (error instanceof CommandFailed) return [...error.excerpt(), error.reason].join("\n");
  if (error instanceof SetupError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  await prepare({ log: logLine });
  const { binDir, version } = await ensurePulumi({ log: logLine });
  rmSync(place, { recursive: true, force: true });
  const tarballs = await packAll(join(place, "tarballs"));

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
      console.error(describe(error));
    }
    rows.push({ name, result, seconds: Math.round((Date.now() - started) / 1000) });
  }

  console.log(`\nWith Pulumi CLI ${version}:`);
  for (const { name, result, seconds } of rows) console.log(`  ${name.padEnd(36)} ${result} (${seconds} s)`);
  const failed = rows.filter(({ result }) => result !== "passed").length;
  if (failed > 0) throw new SetupError(`${failed} of ${rows.length} combinations failed`);
} catch (error) {
  exitWith(error);
}
