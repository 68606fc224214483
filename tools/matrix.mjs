import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { prepare, root } from "./bootstrap.mjs";
import { runConnectionLifecycle, testPackagesSeparately } from "./packed-package-checks.mjs";
import { createLanguages } from "./languages/programs.mjs";
import { runScenario } from "./languages/scenario.mjs";
import { setUpLanguages } from "./languages/set-up-languages.mjs";
import { exitWithError, logLine, SetupError } from "./output.mjs";
import { installPackages, packFolder, packPackages } from "./packed-package.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";
import { createIsolatedEnv } from "./pulumi-env.mjs";
import { addInterruptCleanup, CommandFailed, runCommand } from "./run-command.mjs";

// `npm run test:matrix` tests the packed packages, installed as by a user, with the supported versions of
// Node and @pulumi/pulumi. It tests only some versions of each range, since each combination takes a minute. Then it
// tests the packed plugin with programs in all languages. `-- plugin` only tests the plugin.

/** @type {Map<number, Promise<string>>} */
const nodeDirs = new Map();

/**
 * Finds or installs a version of Node.
 * @param {number} major
 * @param {string} workFolder where to install it
 * @returns {Promise<string>} the folder of this Node
 */
function getNodeDir(major, workFolder) {
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

/** The folder of the installed plugin, relative to a program. */
const plugin = "../node_modules/pulumi-resource-datadog-org-connections";
/** Go compiles the SDK of Pulumi when it is used for the first time. */
const longestMs = 15 * 60_000;

/**
 * Runs the scenario with the packed plugin and the packed SDKs, for each language and version of Node, in a folder
 * outside of the repository.
 * @param {object} options
 * @param {{ bin: string, binDir: string }} options.cli
 * @param {Record<import("./packed-package.mjs").Published, string>} options.tarballs
 * @param {number[]} options.nodes the versions of Node that run the plugin
 * @param {string} options.workFolder where to install Node
 * @param {string} options.typescriptVersion
 * @param {(name: string, work: () => Promise<void>) => Promise<void>} options.runRow runs and reports one combination
 */
async function testPackedPlugin({ cli, tarballs, nodes, workFolder, typescriptVersion, runRow }) {
  const { hostsDir, python, sdks } = await setUpLanguages(cli, join(workFolder, "sdks"));
  const languages = createLanguages({ sdks, python, isSdkInstalled: true });
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "packed-plugin-")));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const forget = addInterruptCleanup(removeFolder);
  try {
    await installPackages(folder, [
      tarballs.plugin,
      tarballs.sandbox,
      await packFolder(join(sdks, "nodejs"), join(workFolder, "tarballs", "sdk")),
      "@pulumi/pulumi@3.248.0",
      `typescript@${typescriptVersion}`,
    ]);
    for (const node of nodes) {
      const nodeDir = await getNodeDir(node, workFolder);
      for (const [name, language] of Object.entries(languages)) {
        await runRow(`Node ${node}, plugin, ${language.title}`, () =>
          runLanguage({ folder, place: join(folder, `${name}-${node}`), language, nodeDir, hostsDir, cli }),
        );
      }
    }
  } finally {
    forget();
    removeFolder();
  }
}

/**
 * @param {object} options
 * @param {string} options.folder contains node_modules
 * @param {string} options.place the folder of the program
 * @param {import("./languages/programs.mjs").Language} options.language
 * @param {string} options.nodeDir
 * @param {string} options.hostsDir
 * @param {{ binDir: string }} options.cli
 */
async function runLanguage({ folder, place, language, nodeDir, hostsDir, cli: { binDir } }) {
  const backendDir = join(place, "backend");
  mkdirSync(backendDir, { recursive: true });
  // The installed sandbox package, as users get it.
  /** @type {import("../sandbox/src/index.js")} */
  const { startSandbox } = createRequire(join(folder, "package.json"))("datadog-org-connections-sandbox");
  const sandbox = await startSandbox();
  try {
    const extra = await language.prepare(place);
    const env = createIsolatedEnv({
      home: join(place, "home"),
      backendDir,
      binDir,
      hostsDir,
      nodeDir,
      extra,
    });
    /** @param {...string} args */
    const run = (...args) =>
      runCommand("pulumi", [...args, "--non-interactive"], { cwd: place, env, timeoutMs: longestMs });
    /** @type {Promise<string> | undefined} */
    let created;
    await runScenario({
      language,
      folder: place,
      plugin,
      sandbox,
      pulumi: async (...args) => {
        await (created ??= run("stack", "init", "dev"));
        return run(...args);
      },
    });
  } finally {
    await sandbox.close();
  }
}

const nodes = [20, 22, 24, 26];
const combinations = [
  ...nodes.flatMap((node) => ["3.216.0", "3.248.0"].map((sdk) => ({ node, sdk }))),
  { node: 22, sdk: "latest" },
  { node: 24, sdk: "latest" },
  { node: 26, sdk: "latest" },
];
const typescriptVersion = "6.0.3";
/** @pulumi/pulumi 3.216 refuses TypeScript 6. @param {string} sdk */
const getTypescript = (sdk) => (sdk === "3.216.0" ? "5.9.3" : typescriptVersion);
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
    `typescript@${getTypescript(sdk)}`,
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
