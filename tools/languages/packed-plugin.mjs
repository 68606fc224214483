import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getNodeDir } from "../node-versions.mjs";
import { addInterruptCleanup } from "../on-interrupt.mjs";
import { installPackages, packFolder } from "../packed-package.mjs";
import { createIsolatedEnv } from "../pulumi-env.mjs";
import { runCommand } from "../run-command.mjs";
import { createLanguages } from "./languages.mjs";
import { runScenario } from "./scenario.mjs";
import { setUpLanguages } from "./set-up-languages.mjs";

/** The folder of the installed plugin, relative to a program. */
const plugin = "../node_modules/pulumi-resource-datadog-org-connections";
/** Go compiles the SDK of Pulumi when it is used for the first time. */
const longestMs = 15 * 60_000;

/**
 * Runs the scenario with the packed plugin and the packed SDKs, for each language and version of Node, in a folder
 * outside of the repository.
 * @param {object} options
 * @param {{ bin: string, binDir: string }} options.cli
 * @param {Record<import("../packed-package.mjs").Published, string>} options.tarballs
 * @param {number[]} options.nodes the versions of Node that run the plugin
 * @param {string} options.workFolder where to install Node
 * @param {string} options.typescriptVersion
 * @param {(name: string, work: () => Promise<void>) => Promise<void>} options.runRow runs and reports one combination
 */
export async function testPackedPlugin({ cli, tarballs, nodes, workFolder, typescriptVersion, runRow }) {
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
 * @param {import("./declaration.mjs").Language} options.language
 * @param {string} options.nodeDir
 * @param {string} options.hostsDir
 * @param {{ binDir: string }} options.cli
 */
async function runLanguage({ folder, place, language, nodeDir, hostsDir, cli: { binDir } }) {
  const backendDir = join(place, "backend");
  mkdirSync(backendDir, { recursive: true });
  // The installed sandbox package, as users get it.
  /** @type {import("../../sandbox/src/index.js")} */
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
