import { rmSync } from "node:fs";
import { join } from "node:path";
import { prepare, root } from "./bootstrap.mjs";
import { testPackedPlugin } from "./languages/packed-plugin.mjs";
import { getNodeDir } from "./node-versions.mjs";
import { installPackages, packPackages } from "./packed-package.mjs";
import { logLine } from "./progress.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";
import { testPackagesSeparately } from "./separate-packages.mjs";
import { runConnectionLifecycle } from "./connection-lifecycle.mjs";
import { CommandFailed } from "./run-command.mjs";
import { SetupError, exitWithError } from "./setup-error.mjs";

// `npm run test:matrix` tests the packed packages, installed as by a user, with the supported versions of
// Node and @pulumi/pulumi. It tests only some versions of each range, since each combination takes a minute. Then it
// tests the packed plugin with programs in all languages. `-- plugin` only tests the plugin.
const nodes = [20, 22, 24];
const combinations = [
  ...nodes.flatMap((node) => ["3.216.0", "3.248.0"].map((sdk) => ({ node, sdk }))),
  { node: 22, sdk: "latest" },
  { node: 24, sdk: "latest" },
];
const typescriptVersion = "5.9.3";
const workFolder = join(root, ".local", "matrix");

/**
 * @param {{ node: number, sdk: string }} combination
 * @param {{ tarballs: Awaited<ReturnType<typeof packPackages>>, binDir: string }} common
 */
async function tryCombination({ node, sdk }, { tarballs, binDir }) {
  const nodeDir = await getNodeDir(node, workFolder);
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
  const cli = await ensurePulumi({ log: logLine });
  rmSync(workFolder, { recursive: true, force: true });
  const tarballs = await packPackages(join(workFolder, "tarballs"));

  /** @type {{ name: string, result: string, seconds: number }[]} */
  const rows = [];
  /** @param {string} name @param {() => Promise<void>} work */
  const runRow = async (name, work) => {
    console.log(`\n== ${name}`);
    const started = Date.now();
    let result = "passed";
    try {
      await work();
    } catch (error) {
      result = "FAILED";
      console.error(formatError(error));
    }
    rows.push({ name, result, seconds: Math.round((Date.now() - started) / 1000) });
  };
  if (!process.argv.includes("plugin")) {
    for (const combination of combinations) {
      const name = `Node ${combination.node}, @pulumi/pulumi ${combination.sdk}`;
      await runRow(name, () => tryCombination(combination, { tarballs, binDir: cli.binDir }));
    }
  }
  await testPackedPlugin({ cli, tarballs, nodes, workFolder, typescriptVersion, runRow });

  console.log(`\nWith Pulumi CLI ${cli.version}:`);
  for (const { name, result, seconds } of rows) console.log(`  ${name.padEnd(36)} ${result} (${seconds} s)`);
  const failed = rows.filter(({ result }) => result !== "passed").length;
  if (failed > 0) throw new SetupError(`${failed} of ${rows.length} combinations failed`);
} catch (error) {
  exitWithError(error);
}
