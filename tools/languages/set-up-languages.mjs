import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../bootstrap.mjs";
import { logLine, runWithProgress } from "../progress.mjs";
import { ensureLanguageHosts } from "../pulumi-cli/ensure-language-hosts.mjs";
import { ensurePython } from "../pulumi-cli/ensure-python.mjs";
import { ensureSdkGenerator } from "../pulumi-cli/ensure-sdk-generator.mjs";
import { generateSdks } from "../sdks/generate-sdks.mjs";

/**
 * Sets up what the tests of programs in all languages need, and generates the SDKs from the current schema.
 * @param {{ bin: string }} cli
 * @param {string} [sdks] the folder of the SDKs
 */
export async function setUpLanguages(cli, sdks = join(root, ".local", "sdks")) {
  const { hostsDir } = await ensureLanguageHosts({ cli });
  const { python } = await ensurePython();
  const { generator } = await ensureSdkGenerator();
  mkdirSync(sdks, { recursive: true });
  await runWithProgress({ what: "Generating the SDKs of the plugin", log: logLine }, () =>
    generateSdks({ generator, schema: join(root, "plugin", "schema.json"), out: sdks }),
  );
  return { hostsDir, python, sdks };
}
