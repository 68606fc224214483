import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { prepare, root } from "./bootstrap.mjs";
import { logLine, SetupError, exitWithError } from "./output.mjs";
import { ensureLanguageHosts } from "./languages/set-up-languages.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";
import { runVitest, withWorkFolder } from "./run-vitest.mjs";

// `npm run upgrade:record` records the programs, states and previews of this version (test/upgrades), so that later versions are
// tested with them. It records twice, and compares. A recording of a released version never changes; `-- --replace` replaces one of
// a version that is not released yet.
const test = "test/upgrades/recording.record.test.ts";
const recordings = join(root, "test", "upgrades", "recordings");

/**
 * Records into a folder.
 * @param {string} out
 * @param {Record<string, string>} env
 */
async function record(out, env) {
  const { code, output } = await runVitest(test, { ...env, UPGRADES_OUT: out });
  if (code !== 0) throw new SetupError(`The recording failed:\n${output}`);
}

/**
 * Lists the files that differ between two folders.
 * @param {string} one
 * @param {string} other
 */
function listDifferences(one, other) {
  const files = new Set([...listFiles(one), ...listFiles(other)]);
  return [...files]
    .filter((file) => readIfPresent(join(one, file)) !== readIfPresent(join(other, file)))
    .sort();
}

/** @param {string} folder */
const listFiles = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

/** @param {string} file */
const readIfPresent = (file) => (existsSync(file) ? readFileSync(file, "utf8") : undefined);

/**
 * Saves a recording as that of a version.
 * @param {string} recording
 * @param {string} version
 * @param {boolean} replaces
 */
function save(recording, version, replaces) {
  const target = join(recordings, version);
  const name = relative(root, target);
  const differences = existsSync(target) ? listDifferences(recording, target) : undefined;
  if (differences?.length === 0) return console.log(`${name} has the same recording already.`);
  if (differences && !replaces)
    throw new SetupError(
      `${name} has another recording, which was not changed. These files differ: ${differences.join(", ")}. If ${version} is ` +
        "released, its recording never changes: set the next version first. Otherwise, run `npm run upgrade:record -- --replace`.",
    );
  rmSync(target, { recursive: true, force: true });
  cpSync(recording, target, { recursive: true });
  console.log(`Wrote ${listFiles(target).length} files to ${name}.`);
}

try {
  const { values } = parseArgs({ options: { replace: { type: "boolean", default: false } } });
  await prepare({ log: logLine });
  const cli = await ensurePulumi({ log: logLine });
  const { hostsDir } = await ensureLanguageHosts({ cli });
  await withWorkFolder("upgrade-record", async (folder) => {
    const [first, second] = [join(folder, "1"), join(folder, "2")];
    const env = { PULUMI_TEST_BIN: cli.binDir, PULUMI_TEST_HOSTS: hostsDir };
    await record(first, env);
    await record(second, env);
    const differences = listDifferences(first, second);
    if (differences.length > 0)
      throw new SetupError(
        `Two recordings differ, so nothing was saved. These files differ: ${differences.join(", ")}.`,
      );
    const { version } = JSON.parse(readFileSync(join(root, "provider", "package.json"), "utf8"));
    save(first, version, values.replace);
  });
} catch (error) {
  exitWithError(error);
}
