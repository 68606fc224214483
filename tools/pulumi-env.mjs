import { dirname, delimiter } from "node:path";
import { findAllOnPath, pulumiName } from "./pulumi-cli/cache.mjs";

/** Variables that a run must not inherit: keys, and the caller's Pulumi settings. */
const callersOwn = /^(DD|DATADOG|PULUMI)_/i;

/**
 * Creates the environment for a Pulumi run that neither reads nor changes the user's files: state, login,
 * plug-ins and settings are in the given folders, and it only gets the keys in `extra`.
 * @param {object} options
 * @param {string} options.home becomes PULUMI_HOME
 * @param {string} options.backendDir an existing folder, for the state
 * @param {string} options.binDir the folder of `pulumi` (ensurePulumi)
 * @param {string} [options.hostsDir] the folder of more language hosts (ensureLanguageHosts)
 * @param {string} [options.nodeDir] the folder of the Node for programs and providers, if it is not the first on PATH
 * @param {Record<string, string | undefined>} [options.extra] overrides everything else
 * @param {NodeJS.ProcessEnv} [options.base]
 * @returns {NodeJS.ProcessEnv}
 */
export function createIsolatedEnv({
  home,
  backendDir,
  binDir,
  hostsDir,
  nodeDir,
  extra = {},
  base = process.env,
}) {
  const inherited = Object.entries(base).filter(
    ([name]) => !callersOwn.test(name) && name.toUpperCase() !== "PATH",
  );
  const path = base["PATH"] ?? base["Path"] ?? "";
  const found = findAllOnPath(pulumiName, path)[0];
  // If the CLI is already first on PATH, do not move its folder: it may also contain another `node`.
  const cliDir = found !== undefined && dirname(found) === binDir ? undefined : binDir;
  const folders = [nodeDir, cliDir, hostsDir === binDir ? undefined : hostsDir, path];
  return {
    ...Object.fromEntries(inherited),
    PATH: folders.filter((folder) => folder !== undefined && folder !== "").join(delimiter),
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${process.platform === "win32" ? "/" : ""}${backendDir.replaceAll("\\", "/")}`,
    // Not a secret: it encrypts states that exist only during one run.
    PULUMI_CONFIG_PASSPHRASE: "local",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...extra,
  };
}
